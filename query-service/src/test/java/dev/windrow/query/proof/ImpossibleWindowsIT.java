package dev.windrow.query.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Windows that nobody can be answered about are refused without the database, which is away. */
class ImpossibleWindowsIT {
  private static final String FIRST = "0001-01-01T00:00:00Z";
  private static final String LAST = "9999-12-31T23:59:59Z";

  private QueryHarness harness;

  @BeforeEach
  void start() throws IOException {
    harness = QueryHarness.startBehindACutProxy();
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @ParameterizedTest
  @CsvSource({
    "INTERVAL_MINUTE, ''",
    "INTERVAL_MINUTE, Europe/Berlin",
    "INTERVAL_HOUR, ''",
    "INTERVAL_HOUR, Australia/Lord_Howe",
    "INTERVAL_DAY, America/Caracas",
    "INTERVAL_WEEK, Asia/Kathmandu"
  })
  void tenThousandYears_inShortIntervals_areTooMany(Interval interval, String zone) {
    Statuses told = ask(request(FIRST, LAST).setInterval(interval).setTimeZone(zone));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo("interval");
    assertThat(told.message()).contains("at most 50000 intervals");
  }

  @ParameterizedTest
  @EnumSource(
      value = Interval.class,
      names = {"INTERVAL_MONTH", "INTERVAL_QUARTER", "INTERVAL_YEAR"})
  void tenThousandYears_inLongIntervals_reachTheDatabase(Interval interval) {
    // 119,988 months are too many, 39,996 quarters are not.
    Statuses told = ask(request(FIRST, LAST).setInterval(interval));
    assertThat(told.code())
        .isEqualTo(
            interval == Interval.INTERVAL_MONTH
                ? Status.Code.INVALID_ARGUMENT
                : Status.Code.UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource({
    "0000-12-31T23:59:59Z, 2001-01-01T00:00:00Z, window.start_time",
    "2001-01-01T00:00:00Z, +10000-01-01T00:00:00Z, window.end_time",
    "-1000000-01-01T00:00:00Z, +1000000-01-01T00:00:00Z, window.start_time"
  })
  void timesBeyondTheCalendar_areNamed(String from, String to, String field) {
    Statuses told = ask(request(from, to).setInterval(Interval.INTERVAL_MINUTE));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo(field);
  }

  @ParameterizedTest
  @EnumSource(
      value = Interval.class,
      names = {"INTERVAL_MINUTE", "INTERVAL_HOUR", "INTERVAL_DAY"})
  void tenThousandYears_toCompareWith_areTooMany(Interval interval) {
    var compared = Comparison.newBuilder().setWindow(request(FIRST, LAST).getWindow());
    Statuses told =
        ask(
            request("2001-01-01T00:00:00Z", "2001-01-02T00:00:00Z")
                .setInterval(interval)
                .setCompareTo(compared));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.field()).isEqualTo("compare_to.window");
  }

  private Statuses ask(SummarizeRequest.Builder request) {
    return Statuses.of(() -> harness.client().summarize(request.build()));
  }

  private static SummarizeRequest.Builder request(String from, String to) {
    return SummarizeRequest.newBuilder()
        .setWindow(TimeWindow.newBuilder().setStartTime(time(from)).setEndTime(time(to)));
  }

  private static Timestamp time(String text) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(text).getEpochSecond()).build();
  }
}
