package dev.windrow.query.sql;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.Filter.And;
import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.query.filter.Filter.Not;
import dev.windrow.query.filter.Filter.Or;
import dev.windrow.rollup.Dimension;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes a filter as a condition of a statement. */
public final class FilterConditions {
  private FilterConditions() {}

  /** A condition that is never null; its values go to {@code parameters}. */
  public static String of(Filter filter, DimensionColumns columns, Parameters parameters) {
    if (filter instanceof And and) {
      return joined(and.parts(), " AND ", columns, parameters);
    }
    if (filter instanceof Or or) {
      return joined(or.parts(), " OR ", columns, parameters);
    }
    if (filter instanceof Not not) {
      return "NOT " + of(not.part(), columns, parameters);
    }
    if (filter instanceof Comparison comparison) {
      return "(" + comparison(comparison, columns, parameters) + ")";
    }
    return "true";
  }

  private static String joined(
      List<Filter> parts, String operator, DimensionColumns columns, Parameters parameters) {
    return parts.stream()
        .map(part -> of(part, columns, parameters))
        .collect(Collectors.joining(operator, "(", ")"));
  }

  private static String comparison(
      Comparison comparison, DimensionColumns columns, Parameters parameters) {
    Dimension dimension = comparison.dimension();
    String column = columns.expression(dimension);
    List<String> values = comparison.values();
    if (values.size() == 1) {
      String value = parameters.add(values.get(0)) + "::text";
      return comparison.negated()
          ? column + " <> " + value
          : column + " = " + value + implied(dimension, List.of(value), columns);
    }
    String all = parameters.addTexts(values);
    if (comparison.negated()) {
      return column + " <> ALL (" + all + ")";
    }
    // PostgreSQL counts from 1.
    List<String> each =
        IntStream.rangeClosed(1, values.size()).mapToObj(i -> "(" + all + ")[" + i + "]").toList();
    return column + " = ANY (" + all + ")" + implied(dimension, each, columns);
  }

  private static String implied(
      Dimension dimension, List<String> values, DimensionColumns columns) {
    return columns.implied(dimension, values).map(condition -> " AND " + condition).orElse("");
  }
}
