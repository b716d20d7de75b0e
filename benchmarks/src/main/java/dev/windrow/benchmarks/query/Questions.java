package dev.windrow.benchmarks.query;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All questions, about a history of some days. */
final class Questions {
  // So that neither end of a window is that of a day, an hour or a minute.
  private static final Duration AFTER_START = Duration.parse("PT3H17M41.25S");
  private static final Duration BEFORE_END = Duration.parse("PT23.75S");

  private Questions() {}

  /**
   * In the order of the report.
   *
   * @param first the first instant of history
   * @param end the first after it
   */
  static List<Question> about(Instant first, Instant end) {
    Span unaligned = new Span(first.plus(AFTER_START), end.minus(BEFORE_END));
    List<Question> all = new ArrayList<>(WindowQuestions.about(new Span(first, end), unaligned));
    all.addAll(EntityQuestions.about(unaligned));
    return all;
  }
}
