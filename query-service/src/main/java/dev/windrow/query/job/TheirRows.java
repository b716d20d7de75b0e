package dev.windrow.query.job;

import com.google.protobuf.Timestamp;
import dev.windrow.job.v1.OtherRow;
import dev.windrow.query.answer.Value;
import dev.windrow.query.drift.ComparedMetric;
import dev.windrow.query.drift.RowKey;
import dev.windrow.query.grpc.RequestFields;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the rows of another system; what is wrong with one is an error that names its field. */
final class TheirRows {
  private static final int MAX_ROWS = 10_000;
  private static final Pattern BIG_INTEGER = Pattern.compile("-?[0-9]{1,40}");

  private final Question question;
  private final List<ComparedMetric> metrics;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();

  /**
   * A reader of rows.
   *
   * @param metrics of the question, in their order
   */
  TheirRows(Question question, List<ComparedMetric> metrics) {
    this.question = question;
    this.metrics = metrics;
    for (int i = 0; i < metrics.size(); i++) {
      indexes.put(metrics.get(i).metric().name(), i);
    }
  }

  /**
   * The values of each row, in the order of the metrics.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  Map<RowKey, List<Value>> read(List<OtherRow> rows) {
    if (rows.size() > MAX_ROWS) {
      throw invalid("rows", "at most 10,000, got " + rows.size());
    }
    Map<RowKey, List<Value>> values = new HashMap<>();
    Map<RowKey, Integer> places = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      String field = "rows[" + i + "]";
      RowKey key = key(field, rows.get(i));
      Integer before = places.putIfAbsent(key, i);
      if (before != null) {
        throw invalid(field, "each place once, got that of rows[" + before + "] again");
      }
      values.put(key, values(field + ".values", rows.get(i).getValuesList()));
    }
    return values;
  }

  private RowKey key(String field, OtherRow row) {
    return new RowKey(window(field, row), group(field + ".group", row.getGroupMap()));
  }

  private TimeRange window(String field, OtherRow row) {
    Intervals intervals = question.intervals();
    if (!row.hasIntervalStart() && !intervals.cut()) {
      return question.window();
    }
    Timestamp at = row.getIntervalStart();
    String name = Comparison.FIELD + field + ".interval_start";
    long start = RequestFields.time(name, row.hasIntervalStart(), at);
    int index = intervals.count() == 0 ? -1 : intervals.indexOf(start);
    if (index < 0 || intervals.range(index).fromMicros() != start) {
      throw Failure.invalid(
              name, "must be where an interval of the question begins, the first with the window")
          .toException();
    }
    return intervals.range(index);
  }

  private RollupKey group(String field, Map<String, String> group) {
    List<String> values = new ArrayList<>();
    for (Dimension dimension : question.groupBy()) {
      String value = group.get(dimension.name());
      if (value == null) {
        throw invalid(field, "must have a value of " + dimension.name());
      }
      values.add(value);
    }
    if (group.size() > values.size()) {
      throw invalid(field, "must have no other dimensions than question.group_by");
    }
    return RollupKey.of(values);
  }

  private List<Value> values(String field, List<MetricValue> told) {
    if (told.size() != metrics.size()) {
      throw invalid(
          field,
          "must have each metric of the question once, if without a value: "
              + String.join(", ", indexes.keySet())
              + "; got "
              + told.size());
    }
    @Nullable Value[] values = new Value[metrics.size()];
    for (int i = 0; i < told.size(); i++) {
      String each = field + "[" + i + "]";
      Integer index = indexes.get(told.get(i).getName());
      if (index == null) {
        throw invalid(
            each + ".name",
            "must be a metric of the question: " + String.join(", ", indexes.keySet()));
      }
      if (values[index] != null) {
        throw invalid(each + ".name", "each metric once, got it again");
      }
      values[index] = value(each, told.get(i), metrics.get(index));
    }
    // As many as there are, each another.
    return Arrays.stream(values).map(Objects::requireNonNull).toList();
  }

  private static Value value(String field, MetricValue told, ComparedMetric metric) {
    int version = told.getVersion();
    if (version != 0 && version != metric.metric().version()) {
      throw invalid(
          field + ".version",
          "must be that of the question, " + metric.metric().version() + ", got " + version);
    }
    return switch (told.getValueCase()) {
      case VALUE_NOT_SET -> Value.ABSENT;
      case INTEGER -> whole(field + ".integer", BigInteger.valueOf(told.getInteger()), metric);
      case BIG_INTEGER -> {
        String digits = told.getBigInteger();
        if (!BIG_INTEGER.matcher(digits).matches()) {
          throw invalid(field + ".big_integer", "must be up to 40 decimal digits, '-' before");
        }
        yield whole(field + ".big_integer", new BigInteger(digits), metric);
      }
      case REAL -> {
        if (metric.isWhole()) {
          throw invalid(field + ".real", "must be an integer: the metric is one");
        }
        yield new Value.Real(told.getReal());
      }
      case HISTOGRAM -> throw invalid(field + ".histogram", "cannot be compared");
    };
  }

  private static Value whole(String field, BigInteger number, ComparedMetric metric) {
    if (!metric.isWhole()) {
      throw invalid(field, "must be a real number: the metric is one");
    }
    return new Value.Whole(number);
  }

  private static RuntimeException invalid(String field, String rule) {
    return Comparison.invalid(field, rule);
  }
}
