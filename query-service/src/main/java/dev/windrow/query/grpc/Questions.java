package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.OrderParser;
import dev.windrow.query.question.OrderTerm;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRulesProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a question from a request; what is wrong with it is an error that names the field. */
public final class Questions {
  private static final String COMPARED_WINDOW = "compare_to.window";

  private Questions() {}

  /**
   * The question of a request.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  public static Question of(SummarizeRequest request, MetricCatalog catalog) {
    TimeRange window = RequestFields.window(request.hasWindow(), request.getWindow());
    return of(request, window, Metrics.of(request.getMetricsList(), catalog), "interval");
  }

  /**
   * The same question of the window that the request wants to compare with; empty if it wants none.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  public static Optional<Question> compared(SummarizeRequest request, Question asked) {
    if (!request.hasCompareTo()) {
      return Optional.empty();
    }
    Comparison wanted = request.getCompareTo();
    TimeRange window =
        wanted.hasWindow()
            ? RequestFields.window(COMPARED_WINDOW, true, wanted.getWindow())
            : RequestFields.before(COMPARED_WINDOW, asked.window());
    return Optional.of(of(request, window, asked.metrics(), COMPARED_WINDOW));
  }

  private static Question of(
      SummarizeRequest request, TimeRange window, List<Metric> metrics, String intervalsField) {
    List<Dimension> groupBy = groupBy(request.getGroupByList());
    return new Question(
        window,
        intervals(window, request, intervalsField),
        metrics,
        groupBy,
        RequestFields.filter(request.getFilter()),
        order(request.getOrderBy(), metrics, groupBy),
        limit(request.getLimit()),
        request.getExplain());
  }

  static List<Dimension> groupBy(List<String> names) {
    if (names.size() > Question.MAX_GROUP_BY) {
      throw invalid(
          "group_by", "at most " + Question.MAX_GROUP_BY + " dimensions, got " + names.size());
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String field = "group_by[" + i + "]";
      Dimension dimension = dimension(field, names.get(i));
      if (dimensions.contains(dimension)) {
        throw invalid(field, "each dimension once, got " + dimension.name() + " again");
      }
      dimensions.add(dimension);
    }
    return dimensions;
  }

  static Dimension dimension(String field, String name) {
    try {
      return Dimension.parse(RequestFields.storable(field, name));
    } catch (IllegalArgumentException e) {
      throw invalid(
          field, "must be type, source, status, entity_id or attributes.NAME, got '" + name + "'");
    }
  }

  private static Intervals intervals(TimeRange window, SummarizeRequest request, String field) {
    IntervalUnit unit = unit(request.getInterval());
    try {
      return Intervals.of(window, unit, zone(request.getTimeZone(), unit));
    } catch (Intervals.TooManyIntervalsException e) {
      throw invalid(field, e.rule());
    }
  }

  static IntervalUnit unit(Interval interval) {
    return switch (interval) {
      case INTERVAL_UNSPECIFIED -> IntervalUnit.NONE;
      case INTERVAL_MINUTE -> IntervalUnit.MINUTE;
      case INTERVAL_HOUR -> IntervalUnit.HOUR;
      case INTERVAL_DAY -> IntervalUnit.DAY;
      case INTERVAL_WEEK -> IntervalUnit.WEEK;
      case INTERVAL_MONTH -> IntervalUnit.MONTH;
      case INTERVAL_QUARTER -> IntervalUnit.QUARTER;
      case INTERVAL_YEAR -> IntervalUnit.YEAR;
      case UNRECOGNIZED -> throw invalid("interval", "must be one of those declared");
    };
  }

  private static ZoneId zone(String name, IntervalUnit unit) {
    if (name.isEmpty()) {
      return ZoneOffset.UTC;
    }
    if (unit == IntervalUnit.NONE) {
      throw invalid("time_zone", "needs an interval");
    }
    return zone(name);
  }

  static ZoneId zone(String name) {
    if (!ZoneRulesProvider.getAvailableZoneIds().contains(name)) {
      throw invalid("time_zone", "must be an IANA name such as Europe/Berlin, got '" + name + "'");
    }
    return ZoneId.of(name);
  }

  static List<OrderTerm> order(String text, List<Metric> metrics, List<Dimension> groupBy) {
    try {
      return OrderParser.parse(text, metrics, groupBy);
    } catch (IllegalArgumentException e) {
      throw invalid("order_by", String.valueOf(e.getMessage()));
    }
  }

  static int limit(int limit) {
    if (limit < 0) {
      throw invalid("limit", "must not be negative, got " + limit);
    }
    return limit == 0 ? Question.DEFAULT_LIMIT : Math.min(limit, Question.MAX_LIMIT);
  }
}
