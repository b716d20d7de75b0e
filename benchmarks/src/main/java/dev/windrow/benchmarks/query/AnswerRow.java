package dev.windrow.benchmarks.query;

import java.util.Comparator;
import java.util.List;

/**
 * One row of an answer, whoever gave it.
 *
 * @param key what the row is about; times as ISO-8601 in UTC
 * @param values a {@code Long} where whole, a {@code Double} where not; NaN where absent
 */
record AnswerRow(List<String> key, List<Number> values) {
  /** By key, and rows of one key by their values. */
  static final Comparator<AnswerRow> ORDER =
      Comparator.<AnswerRow, String>comparing(row -> String.join("\n", row.key()))
          .thenComparing(row -> row.values().toString());

  AnswerRow {
    key = List.copyOf(key);
    values = List.copyOf(values);
  }
}
