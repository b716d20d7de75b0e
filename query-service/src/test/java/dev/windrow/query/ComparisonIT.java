package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.RandomEvents;
import dev.windrow.query.testing.RandomStore;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.Comparison;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.TimeWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A question with a comparison says what the same question of each window says by itself. */
class ComparisonIT {
  private static final long MINUTE = 60_000_000;
  private static final List<Interval> INTERVALS =
      List.of(
          Interval.INTERVAL_UNSPECIFIED,
          Interval.INTERVAL_MINUTE,
          Interval.INTERVAL_HOUR,
          Interval.INTERVAL_DAY);

  private static QueryHarness harness;

  private record Place(int interval, Map<String, String> group) {}

  @BeforeAll
  static void start() throws Exception {
    harness = QueryHarness.start(Map.of());
    Random random = new Random(20);
    List<TestEvent> events = RandomEvents.of(random, 2_000);
    RandomStore.fill(random, harness.store(), events);
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  @Test
  void compared_ofRandomWindows_isWhatEachWindowSaysByItself() {
    Random random = new Random(21);
    for (int i = 0; i < 60; i++) {
      SummarizeRequest.Builder request = request(random);
      TimeWindow other = window(random);
      check(request, Comparison.newBuilder().setWindow(other).build(), other);
    }
  }

  @Test
  void compared_withoutAWindow_isTheStretchOfTheSameLengthBefore() {
    Random random = new Random(22);
    for (int i = 0; i < 20; i++) {
      SummarizeRequest.Builder request = request(random);
      long start = micros(request.getWindow().getStartTime());
      long length = micros(request.getWindow().getEndTime()) - start;
      check(request, Comparison.getDefaultInstance(), window(start - length, start));
    }
  }

  @Test
  void compared_withExplain_tellsBothPlans() {
    SummarizeRequest.Builder request = request(new Random(23)).setExplain(true);
    var response =
        harness.client().summarize(request.setCompareTo(Comparison.getDefaultInstance()).build());
    assertThat(response.hasPlan()).isTrue();
    assertThat(response.hasComparedPlan()).isTrue();
    assertThat(response.getComparedPlan().getSegmentsList()).isNotEmpty();
  }

  private static void check(
      SummarizeRequest.Builder request, Comparison comparison, TimeWindow other) {
    SummarizeResponse alone = harness.client().summarize(request.build());
    SummarizeResponse theirs = harness.client().summarize(request.clone().setWindow(other).build());
    SummarizeResponse compared =
        harness.client().summarize(request.clone().setCompareTo(comparison).build());
    boolean cut = request.getInterval() != Interval.INTERVAL_UNSPECIFIED;
    Map<Place, SummaryRow> here = places(alone, request.getWindow(), request.getInterval());
    Map<Place, SummaryRow> there = places(theirs, other, request.getInterval());
    Set<Place> expected = new HashSet<>(here.keySet());
    int intervals = starts(request.getWindow(), request.getInterval()).size();
    int othersIntervals = starts(other, request.getInterval()).size();
    there.keySet().stream().filter(place -> place.interval() < intervals).forEach(expected::add);
    Map<Place, SummaryRow> got = places(compared, request.getWindow(), request.getInterval());
    assertThat(got.keySet()).as("%s %s", request, comparison).isEqualTo(expected);
    assertThat(compared.getTotalRowCount()).isEqualTo(expected.size());
    got.forEach(
        (place, row) -> {
          checkValues(row.getValuesList(), here.get(place));
          assertThat(row.hasComparedWindow()).isEqualTo(!cut || place.interval() < othersIntervals);
          if (row.hasComparedWindow()) {
            checkValues(row.getComparedValuesList(), there.get(place));
          } else {
            assertThat(row.getComparedValuesList()).isEmpty();
          }
        });
  }

  /** A row that the window alone does not have is one of no events. */
  private static void checkValues(List<MetricValue> values, @Nullable SummaryRow alone) {
    if (alone != null) {
      assertThat(values).isEqualTo(alone.getValuesList());
      return;
    }
    assertThat(values.get(0).getInteger()).isZero();
    assertThat(values.get(1).getValueCase()).isEqualTo(MetricValue.ValueCase.VALUE_NOT_SET);
  }

  private static Map<Place, SummaryRow> places(
      SummarizeResponse response, TimeWindow window, Interval interval) {
    List<Long> starts = starts(window, interval);
    Map<Place, SummaryRow> places = new HashMap<>();
    for (SummaryRow row : response.getRowsList()) {
      int at = starts.indexOf(micros(row.getWindow().getStartTime()));
      assertThat(places.put(new Place(at, row.getGroupMap()), row)).isNull();
    }
    return places;
  }

  /** Where the intervals of a window begin, in UTC. */
  private static List<Long> starts(TimeWindow window, Interval interval) {
    long length =
        switch (interval) {
          case INTERVAL_MINUTE -> MINUTE;
          case INTERVAL_HOUR -> 60 * MINUTE;
          case INTERVAL_DAY -> 24 * 60 * MINUTE;
          default -> Long.MAX_VALUE / 4;
        };
    long from = micros(window.getStartTime());
    long to = micros(window.getEndTime());
    List<Long> starts = new ArrayList<>();
    if (interval == Interval.INTERVAL_UNSPECIFIED) {
      return List.of(from);
    }
    for (long at = from; at < to; at = Math.floorDiv(at, length) * length + length) {
      starts.add(at);
    }
    return starts;
  }

  private static SummarizeRequest.Builder request(Random random) {
    SummarizeRequest.Builder request =
        SummarizeRequest.newBuilder()
            .setWindow(window(random))
            .setInterval(INTERVALS.get(random.nextInt(INTERVALS.size())))
            .setLimit(10_000)
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_AVG))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_RATE))
            .addMetrics(
                Metric.newBuilder().setMeasure(Measure.MEASURE_STATUS_SHARE).setStatus("status-1"));
    return switch (random.nextInt(3)) {
      case 0 -> request;
      case 1 -> request.addGroupBy("source");
      default -> request.addGroupBy("entity_id");
    };
  }

  private static TimeWindow window(Random random) {
    long from = RandomEvents.time(random);
    return window(from, from + (long) (random.nextDouble() * 40 * 60 * MINUTE));
  }

  private static TimeWindow window(long from, long to) {
    return TimeWindow.newBuilder().setStartTime(time(from)).setEndTime(time(to)).build();
  }

  private static Timestamp time(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, 1_000_000))
        .setNanos(1000 * (int) Math.floorMod(micros, 1_000_000L))
        .build();
  }

  private static long micros(Timestamp time) {
    return time.getSeconds() * 1_000_000 + time.getNanos() / 1000;
  }
}
