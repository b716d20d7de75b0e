package dev.windrow.query.fuzz;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.FilterException;
import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import java.nio.charset.StandardCharsets;

/** Bytes as a filter: a condition without any text of the caller in it, or a place and a rule. */
public final class FilterTarget {
  private FilterTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Filter filter;
    try {
      filter = FilterParser.parse(text);
    } catch (FilterException e) {
      if (e.position() < 0 || e.position() > text.length() || e.rule().isEmpty()) {
        throw new AssertionError("a place within the text, got " + e.position(), e);
      }
      return;
    }
    Parameters parameters = new Parameters();
    String sql = FilterConditions.of(filter, DimensionColumns.ofEvents(parameters), parameters);
    if (!isOurs(sql)) {
      throw new AssertionError("a text of the caller in " + sql);
    }
  }

  // Whatever a condition is made of, letter by letter: quotes only around nothing and "->>".
  private static boolean isOurs(String sql) {
    String rest = sql.replace("''", "").replace("->>", "");
    return rest.chars().allMatch(c -> c < 128 && c != '\'' && c != '"' && c != ';' && c != '\\')
        && !rest.contains("--")
        && !rest.contains("/*");
  }
}
