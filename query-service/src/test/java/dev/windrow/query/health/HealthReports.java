package dev.windrow.query.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.FilterValues;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.ReportRow;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.query.v1.RunReportResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks for reports of health, and reads them. */
final class HealthReports {
  static final long DAY = 86_400_000_000L;
  static final long FIRST = micros("2001-01-01T00:00:00Z");

  private HealthReports() {}

  static RunReportRequest.Builder health(int days) {
    return RunReportRequest.newBuilder()
        .setReport("daily-health")
        .setWindow(window(FIRST, FIRST + days * DAY));
  }

  static TimeWindow window(long from, long to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromMicros(from))
        .setEndTime(Timestamps.fromMicros(to))
        .build();
  }

  static long micros(String time) {
    return Duration.between(Instant.EPOCH, Instant.parse(time)).toNanos() / 1000;
  }

  static List<TestEvent> days(int days, int aDay) {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < days * aDay; i++) {
      long time = FIRST + i / aDay * DAY + i % aDay * 60_000_000L;
      events.add(new TestEvent(time, "s", "t", "e", "ok", 1.0 * i, null, Map.of(), null));
    }
    return events;
  }

  static NavigableMap<HealthOracle.Key, HealthOracle.Day> read(RunReportResponse response) {
    NavigableMap<HealthOracle.Key, HealthOracle.Day> days = new TreeMap<>();
    for (ReportRow reported : response.getRowsList()) {
      SummaryRow row = reported.getRow();
      long start = Timestamps.toMicros(row.getWindow().getStartTime());
      var key =
          new HealthOracle.Key(Math.floorDiv(start, DAY) * DAY, row.getGroupOrThrow("entity_id"));
      assertThat(reported.getRank()).isEqualTo(days.size() + 1);
      days.put(
          key,
          new HealthOracle.Day(
              row.getValues(0).getInteger(),
              row.getValues(1).getInteger(),
              row.getValues(2).getReal(),
              real(row.getValues(3)),
              real(row.getValues(4)),
              row.getValues(5).getInteger()));
      assertThat(days.lastKey()).isEqualTo(key);
    }
    return days;
  }

  private static @Nullable Double real(MetricValue value) {
    return value.hasReal() ? value.getReal() : null;
  }

  static TestEvent check(String time, String status, @Nullable Double value) {
    return new TestEvent(micros(time), "s", "t", "e", status, value, null, Map.of(), null);
  }

  static FilterValues values(String... values) {
    return FilterValues.newBuilder().addAllValues(List.of(values)).build();
  }
}
