package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Json;
import dev.windrow.query.v1.Plan;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One question in one phase.
 *
 * @param rows of the answer, on which all sides agree
 * @param plan of Windrow; empty for a list of events
 * @param timings by number of connections, then by side; without who cannot tell
 */
record QuestionResult(
    Question question, int rows, Optional<Plan> plan, Map<Integer, Map<Side, Timing>> timings) {

  Map<String, Object> json() {
    Map<String, Object> connections = new LinkedHashMap<>();
    timings.forEach(
        (count, sides) -> {
          Map<String, Object> bySide = new LinkedHashMap<>();
          sides.forEach(
              (side, timing) -> bySide.put(side.name().toLowerCase(Locale.ROOT), timing.json()));
          connections.put(Integer.toString(count), bySide);
        });
    Map<String, Object> json = Json.object("asks", question.asks(), "rows", rows);
    plan.ifPresent(found -> json.put("plan", plan(found)));
    json.put("connections", connections);
    return json;
  }

  private static Map<String, Object> plan(Plan plan) {
    return Json.object(
        "rollup", plan.getRollup(),
        "raw_reason", plan.getRawReason(),
        "bucket_rows", plan.getBucketRows(),
        "delta_rows", plan.getDeltaRows(),
        "event_rows", plan.getEventRows());
  }
}
