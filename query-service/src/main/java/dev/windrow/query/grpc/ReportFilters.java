package dev.windrow.query.grpc;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.report.Report;
import dev.windrow.query.v1.FilterValues;
import dev.windrow.rollup.Dimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads the filters of a report. */
final class ReportFilters {
  private static final int MAX_VALUES = 100;

  private ReportFilters() {}

  /**
   * What the report always asks for and what the caller does, equal for equal filters in whatever
   * order.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static Filter of(Map<String, FilterValues> requested, Report report) {
    List<Filter> parts = new ArrayList<>();
    if (!(report.baseFilter() instanceof Filter.All)) {
      parts.add(report.baseFilter());
    }
    new TreeMap<>(requested)
        .forEach(
            (name, values) ->
                parts.add(
                    new Filter.Comparison(
                        dimension(name, report), false, values(name, values.getValuesList()))));
    return switch (parts.size()) {
      case 0 -> new Filter.All();
      case 1 -> parts.get(0);
      default -> new Filter.And(parts);
    };
  }

  private static Dimension dimension(String name, Report report) {
    return report.filterDimensions().stream()
        .filter(dimension -> dimension.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                RequestFields.notAllowed(
                    "filters",
                    "got '" + name + "', must be of",
                    report.filterDimensions().stream().map(Dimension::name).toList()));
  }

  private static List<String> values(String name, List<String> values) {
    String field = "filters[" + name + "]";
    if (values.isEmpty() || values.size() > MAX_VALUES) {
      throw RequestFields.invalid(field, "must be 1 to " + MAX_VALUES + ", got " + values.size());
    }
    return values.stream()
        .map(value -> RequestFields.storable(field, value))
        .sorted()
        .distinct()
        .toList();
  }
}
