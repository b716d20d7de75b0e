package dev.windrow.benchmarks.query;

import dev.windrow.benchmarks.harness.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All questions in one phase.
 *
 * @param delta where each rollup's events were, before and after
 */
record PhaseResult(String name, List<LiveDelta> delta, List<QuestionResult> questions) {
  PhaseResult {
    delta = List.copyOf(delta);
    questions = List.copyOf(questions);
  }

  Map<String, Object> json() {
    Map<String, Object> byName = new LinkedHashMap<>();
    questions.forEach(one -> byName.put(one.question().name(), one.json()));
    return Json.object("delta", delta.stream().map(LiveDelta::json).toList(), "questions", byName);
  }
}
