package dev.windrow.query.health;

import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.Summary;
import java.util.ArrayList;
import java.util.List;

/**
 * What was read of a part of a window.
 *
 * @param part as a question of its own
 * @param days in no particular order
 */
record Checks(HealthQuestion part, PlanChoice choice, List<DayOfChecks> days) {
  Checks(HealthQuestion part, PlanChoice choice) {
    this(part, choice, new ArrayList<>());
  }

  /** Whether they are all that there are: the statement stops beyond the limits. */
  boolean complete(ReadLimits limits) {
    return events() <= limits.maxRawRows() && days.size() <= limits.maxGroups();
  }

  long events() {
    return days.stream().mapToLong(DayOfChecks::checks).sum();
  }

  /** The counts alone. */
  Summary summary() {
    return new Summary(List.of(), 0, 0, events());
  }
}
