package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.FilterException;
import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.filter.FilterText;
import dev.windrow.query.question.Drilldown;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.question.OrderTerm;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.DrilldownRequest;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.WindrowException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a drilldown from a request; what is wrong with it is an error that names the field. */
final class Drilldowns {
  private static final String QUESTION = "question.";

  private Drilldowns() {}

  static Drilldown of(DrilldownRequest request, MetricCatalog catalog) {
    Question question = question(request, catalog);
    TimeRange window = window(request, question);
    String eventsFilter =
        FilterText.narrowed(
            request.getQuestion().getFilter(), group(request.getGroupMap(), question));
    Filter filter = filter(eventsFilter);
    List<Dimension> groupBy = groupBy(request, question);
    int limit = Questions.limit(request.getLimit());
    List<OrderTerm> order = Questions.order(request.getOrderBy(), question.metrics(), groupBy);
    return new Drilldown(
        narrowed(question, window, List.of(), filter, List.of(), limit, request.getExplain()),
        narrowed(question, window, groupBy, filter, order, limit, request.getExplain()),
        eventsFilter);
  }

  /** As of which answer; that of the question will do. */
  static Optional<Position.OfSnapshot> position(DrilldownRequest request) {
    SummarizeRequest question = request.getQuestion();
    boolean own = !request.getPosition().isEmpty();
    return Positions.of(
        own ? "position" : QUESTION + "position",
        own ? request.getPosition() : question.getPosition(),
        QUESTION + "require",
        question.getRequire());
  }

  /** What both answers must be worth. */
  static Requirements required(DrilldownRequest request) {
    try {
      return RequirementFields.of(request.getQuestion().getRequire());
    } catch (WindrowException e) {
      throw e.failure().within(QUESTION).toException();
    }
  }

  private static Question question(DrilldownRequest request, MetricCatalog catalog) {
    if (!request.hasQuestion()) {
      throw invalid("question", "is required");
    }
    if (request.getQuestion().hasCompareTo()) {
      throw invalid(QUESTION + "compare_to", "must be left out: a drilldown compares nothing");
    }
    SummarizeRequest question =
        request.getQuestion().toBuilder().clearOrderBy().clearLimit().build();
    try {
      SummaryCalls.checkNow(question);
      return Questions.of(question, catalog);
    } catch (WindrowException e) {
      throw e.failure().within(QUESTION).toException();
    }
  }

  private static TimeRange window(DrilldownRequest request, Question question) {
    Intervals intervals = question.intervals();
    if (!request.hasWindow() && !intervals.cut()) {
      return question.window();
    }
    TimeRange window = RequestFields.window(request.hasWindow(), request.getWindow());
    int index = intervals.count() == 0 ? -1 : intervals.indexOf(window.fromMicros());
    if (index < 0 || !intervals.range(index).equals(window)) {
      throw invalid("window", "must be that of a row of the question, got " + window);
    }
    return window;
  }

  private static Map<Dimension, String> group(Map<String, String> group, Question question) {
    Map<Dimension, String> values = new LinkedHashMap<>();
    for (Dimension dimension : question.groupBy()) {
      String value = group.get(dimension.name());
      if (value == null) {
        throw invalid("group", "must have a value of " + dimension.name());
      }
      values.put(dimension, RequestFields.storable("group", value));
    }
    if (group.size() > values.size()) {
      throw invalid("group", "must have no other dimensions than question.group_by");
    }
    return values;
  }

  private static Filter filter(String eventsFilter) {
    try {
      return FilterParser.parse(eventsFilter);
    } catch (FilterException e) {
      // Both parts are well-formed by themselves.
      throw invalid("group", "must, with question.filter, make a filter: " + e.rule());
    }
  }

  private static List<Dimension> groupBy(DrilldownRequest request, Question question) {
    Dimension by = Questions.dimension("by", request.getBy());
    if (question.groupBy().contains(by)) {
      throw invalid("by", "must not be one of question.group_by, got " + by.name());
    }
    if (question.groupBy().size() == Question.MAX_GROUP_BY) {
      throw invalid("by", "one more than the most dimensions, " + Question.MAX_GROUP_BY);
    }
    List<Dimension> groupBy = new ArrayList<>(question.groupBy());
    groupBy.add(by);
    return groupBy;
  }

  private static Question narrowed(
      Question question,
      TimeRange window,
      List<Dimension> groupBy,
      Filter filter,
      List<OrderTerm> order,
      int limit,
      boolean explain) {
    Intervals whole = Intervals.of(window, IntervalUnit.NONE, ZoneOffset.UTC);
    return new Question(window, whole, question.metrics(), groupBy, filter, order, limit, explain);
  }
}
