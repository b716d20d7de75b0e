package dev.windrow.query.sql;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.Filter.And;
import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.query.filter.Filter.Not;
import dev.windrow.query.filter.Filter.Or;
import java.util.List;
import java.util.stream.Collectors;

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
    String column = columns.expression(comparison.dimension());
    List<String> values = comparison.values();
    if (values.size() == 1) {
      String value = parameters.add(values.get(0)) + "::text";
      return column + (comparison.negated() ? " <> " : " = ") + value;
    }
    String all = parameters.addTexts(values);
    return column + (comparison.negated() ? " <> ALL (" : " = ANY (") + all + ")";
  }
}
