package dev.windrow.benchmarks.query;

import java.util.List;
import java.util.Optional;

/** Whether two answers to a question say the same. */
final class Agreement {
  private Agreement() {}

  /**
   * The first difference, if there is one. The order of rows does not count: what decides it is
   * among the values.
   *
   * @param closeness of each value of a row
   * @param expected what others say
   */
  static Optional<String> difference(
      List<Closeness> closeness, List<AnswerRow> answered, List<AnswerRow> expected) {
    if (answered.size() != expected.size()) {
      return Optional.of(expected.size() + " rows expected, got " + answered.size());
    }
    List<AnswerRow> ours = answered.stream().sorted(AnswerRow.ORDER).toList();
    List<AnswerRow> theirs = expected.stream().sorted(AnswerRow.ORDER).toList();
    for (int i = 0; i < ours.size(); i++) {
      if (!agree(closeness, ours.get(i), theirs.get(i))) {
        return Optional.of("expected " + theirs.get(i) + ", got " + ours.get(i));
      }
    }
    return Optional.empty();
  }

  private static boolean agree(List<Closeness> closeness, AnswerRow one, AnswerRow other) {
    if (!one.key().equals(other.key())
        || one.values().size() != closeness.size()
        || other.values().size() != closeness.size()) {
      return false;
    }
    for (int i = 0; i < closeness.size(); i++) {
      if (!closeness.get(i).holds(one.values().get(i), other.values().get(i))) {
        return false;
      }
    }
    return true;
  }
}
