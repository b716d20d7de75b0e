package dev.windrow.quickstart.exactness;

import com.google.protobuf.util.Timestamps;
import dev.windrow.event.v1.Event;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummaryRow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a question by looking at every single event; and those of an answer, alike. */
final class OracleInMemory {
  /** What is asked for: count, sum, min, max, amount_sum, distinct_entities; absent ones null. */
  record Values(
      long count,
      @Nullable Double sum,
      @Nullable Double min,
      @Nullable Double max,
      long amountSum,
      long distinctEntities) {}

  private OracleInMemory() {}

  /** By the start of their interval, in microseconds, and their group. */
  static Map<String, Values> rows(SummarizeRequest request, List<Event> events) {
    long from = Timestamps.toMicros(request.getWindow().getStartTime());
    long to = Timestamps.toMicros(request.getWindow().getEndTime());
    Map<String, List<Event>> byKey = new HashMap<>();
    for (Event event : events) {
      long at = Timestamps.toMicros(event.getOccurredAt());
      if (at >= from && at < to) {
        long start = Math.max(from, start(request.getInterval(), at, from));
        List<String> group = request.getGroupByList().stream().map(by -> value(event, by)).toList();
        byKey.computeIfAbsent(start + " " + group, key -> new ArrayList<>()).add(event);
      }
    }
    if (byKey.isEmpty() && request.getGroupByCount() == 0 && !isCut(request)) {
      byKey.put(from + " []", List.of());
    }
    return byKey.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> values(entry.getValue())));
  }

  /** The rows of an answer, in the same form. */
  static Map<String, Values> answered(SummarizeRequest request, Iterable<SummaryRow> answer) {
    Map<String, Values> rows = new HashMap<>();
    for (SummaryRow row : answer) {
      List<String> group =
          request.getGroupByList().stream().map(by -> row.getGroupOrThrow(by)).toList();
      Values values =
          new Values(
              row.getValues(0).getInteger(),
              real(row.getValues(1)),
              real(row.getValues(2)),
              real(row.getValues(3)),
              row.getValues(4).getInteger(),
              row.getValues(5).getInteger());
      rows.put(Timestamps.toMicros(row.getWindow().getStartTime()) + " " + group, values);
    }
    return rows;
  }

  private static Values values(List<Event> events) {
    List<Double> values = events.stream().filter(Event::hasValue).map(Event::getValue).toList();
    return new Values(
        events.size(),
        values.isEmpty() ? null : values.stream().mapToDouble(v -> v).sum(),
        values.isEmpty() ? null : values.stream().mapToDouble(v -> v).min().orElseThrow(),
        values.isEmpty() ? null : values.stream().mapToDouble(v -> v).max().orElseThrow(),
        events.stream().mapToLong(Event::getAmount).sum(),
        events.stream().map(Event::getEntityId).distinct().count());
  }

  private static boolean isCut(SummarizeRequest request) {
    return request.getInterval() != Interval.INTERVAL_UNSPECIFIED;
  }

  private static long start(Interval interval, long at, long from) {
    return switch (interval) {
      case INTERVAL_MINUTE -> at - Math.floorMod(at, 60_000_000L);
      case INTERVAL_HOUR -> at - Math.floorMod(at, 3_600_000_000L);
      case INTERVAL_DAY -> at - Math.floorMod(at, 86_400_000_000L);
      default -> from;
    };
  }

  private static String value(Event event, String dimension) {
    return switch (dimension) {
      case "source" -> event.getSource();
      case "status" -> event.getStatus();
      case "entity_id" -> event.getEntityId();
      default -> event.getAttributesOrDefault(dimension.substring("attributes.".length()), "");
    };
  }

  private static @Nullable Double real(MetricValue value) {
    // Zero has one sign here.
    return value.hasReal() ? (Double) (value.getReal() + 0.0) : null;
  }
}
