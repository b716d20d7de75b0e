package dev.windrow.query.health;

import dev.windrow.query.question.Metric;
import java.util.List;

/** What the values of a row of daily health are called. */
public final class HealthColumns {
  private HealthColumns() {}

  /** The names, in order; the share of passed checks has that of its metric. */
  public static List<String> names(Metric uptime) {
    return List.of("checks", "passed", uptime.name(), "latency_avg", "latency_p95", "incidents");
  }
}
