package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Json;
import dev.windrow.benchmarks.harness.ServiceProcess;
import dev.windrow.benchmarks.harness.Surroundings;
import dev.windrow.query.v1.Plan;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the run prints: a line for each question, tables for a README, and everything as JSON. */
final class QueryReport {
  private static final String HEAD =
      """
      | question | rows | Windrow p50 ms | p99 ms | 1/s | all read p50 ms | p99 ms | 1/s \
      | raw SQL p50 ms | p99 ms | 1/s | by hand p50 ms | p99 ms | 1/s \
      | raw / Windrow | by hand / Windrow | raw / all read | buckets | delta | events |
      |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|""";

  private QueryReport() {}

  static void surroundings(PrintStream out, QuerySettings settings, Surroundings seen) {
    out.printf(
        "commit %s, %s, %d CPUs, PostgreSQL %s with %s%n%,d events of history, %,d live, %s s%n%n",
        seen.commit(),
        seen.jdk(),
        seen.cpus(),
        seen.postgresql(),
        seen.settings(),
        settings.events(),
        settings.live(),
        settings.seconds());
  }

  static void line(PrintStream out, String phase, QuestionResult result) {
    result
        .timings()
        .forEach(
            (connections, sides) ->
                out.printf(
                    "%-9s %-24s %d connections: p50 ms %s%n",
                    phase, result.question().name(), connections, medians(sides)));
  }

  static void tables(PrintStream out, List<PhaseResult> phases) {
    for (PhaseResult phase : phases) {
      for (int connections : Phase.CONNECTIONS) {
        out.printf("%n%s, connections: %d%n%n%s%n", phase.name(), connections, HEAD);
        phase.questions().forEach(result -> out.println(row(result, connections)));
      }
    }
  }

  static void result(
      PrintStream out, QuerySettings settings, Surroundings seen, List<PhaseResult> phases) {
    Map<String, Object> byName = new LinkedHashMap<>();
    phases.forEach(phase -> byName.put(phase.name(), phase.json()));
    out.println(
        "RESULT "
            + Json.of(
                Json.object(
                    "benchmark", "query",
                    "commit", seen.commit(),
                    "jdk", seen.jdk(),
                    "cpus", seen.cpus(),
                    "postgresql",
                        Json.object("version", seen.postgresql(), "settings", seen.settings()),
                    "service_jvm", ServiceProcess.JVM_OPTIONS,
                    "events", settings.events(),
                    "live", settings.live(),
                    "seconds", settings.seconds(),
                    "phases", byName)));
  }

  private static String medians(Map<Side, Timing> sides) {
    StringBuilder text = new StringBuilder();
    sides.forEach(
        (side, timing) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "  %s %.2f",
                    side.name().toLowerCase(Locale.ROOT),
                    timing.p50Millis())));
    return text.toString();
  }

  private static String row(QuestionResult result, int connections) {
    Map<Side, Timing> sides = Objects.requireNonNull(result.timings().get(connections));
    StringBuilder row = new StringBuilder("| ").append(result.question().name());
    cell(row, "%,d", result.rows());
    for (Side side : Side.values()) {
      timing(row, sides.get(side));
    }
    ratio(row, sides.get(Side.RAW), sides.get(Side.WINDROW));
    ratio(row, sides.get(Side.HAND), sides.get(Side.WINDROW));
    ratio(row, sides.get(Side.RAW), sides.get(Side.READING));
    if (result.plan().isPresent()) {
      Plan plan = result.plan().get();
      cell(row, "%,d", plan.getBucketRows());
      cell(row, "%,d", plan.getDeltaRows());
      cell(row, "%,d", plan.getEventRows());
    } else {
      row.append(" | | |");
    }
    return row.append(" |").toString();
  }

  private static void timing(StringBuilder row, @Nullable Timing timing) {
    if (timing == null) {
      row.append(" | | |");
      return;
    }
    cell(row, "%.2f", timing.p50Millis());
    cell(row, "%.2f", timing.p99Millis());
    cell(row, "%,.1f", timing.perSecond());
  }

  private static void ratio(StringBuilder row, @Nullable Timing other, @Nullable Timing windrow) {
    if (other == null || windrow == null) {
      row.append(" |");
      return;
    }
    cell(row, "%.2f", other.p50Millis() / windrow.p50Millis());
  }

  private static void cell(StringBuilder row, String format, Object value) {
    row.append(" | ").append(String.format(Locale.ROOT, format, value));
  }
}
