package dev.windrow.query.filter;

import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.rollup.Dimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes filters in the language that {@link FilterParser} reads. */
public final class FilterText {
  private FilterText() {}

  /**
   * A filter narrowed to events that have these values. It may be longer than the parser takes.
   *
   * @param filter one that the parser takes; may be empty
   */
  public static String narrowed(String filter, Map<Dimension, String> values) {
    List<String> parts = new ArrayList<>();
    if (!filter.isBlank()) {
      parts.add(values.isEmpty() ? filter : "(" + filter + ")");
    }
    values.forEach((dimension, value) -> parts.add(equal(dimension, value)));
    return String.join(" AND ", parts);
  }

  /** Reads back as a {@link Comparison}. */
  private static String equal(Dimension dimension, String value) {
    String name = dimension.name();
    return (isWord(name) ? name : quoted(name)) + " = " + quoted(value);
  }

  // A name is never one of the reserved words: each begins with a field.
  private static boolean isWord(String name) {
    return name.codePoints().allMatch(FilterLexer::isWordPart);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
