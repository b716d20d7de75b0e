package dev.windrow.quickstart.exactness;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Questions of every shape. */
final class RandomQuestions {
  static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "Asia/Kolkata");
  private static final long MICROS = 1_000_000;
  private static final List<String> DIMENSIONS =
      List.of("type", "source", "status", "entity_id", "attributes.region");
  private static final List<Interval> INTERVALS =
      List.of(
          Interval.INTERVAL_HOUR,
          Interval.INTERVAL_DAY,
          Interval.INTERVAL_WEEK,
          Interval.INTERVAL_MONTH,
          Interval.INTERVAL_QUARTER,
          Interval.INTERVAL_YEAR);

  private final Random random;

  RandomQuestions(Random random) {
    this.random = random;
  }

  /** The next question; it asks for everything that {@link BruteForce} computes. */
  SummarizeRequest next() {
    long[] window = window();
    SummarizeRequest.Builder request =
        SummarizeRequest.newBuilder()
            .setWindow(
                TimeWindow.newBuilder().setStartTime(time(window[0])).setEndTime(time(window[1])))
            .setLimit(10_000)
            .addMetrics(metric(Measure.MEASURE_COUNT))
            .addMetrics(metric(Measure.MEASURE_SUM))
            .addMetrics(metric(Measure.MEASURE_MIN))
            .addMetrics(metric(Measure.MEASURE_MAX))
            .addMetrics(metric(Measure.MEASURE_AMOUNT_SUM))
            .addMetrics(metric(Measure.MEASURE_DISTINCT_ENTITIES))
            .addMetrics(metric(Measure.MEASURE_PERCENTILE).setPercentile(50))
            .addMetrics(metric(Measure.MEASURE_PERCENTILE).setPercentile(99.9))
            .addMetrics(metric(Measure.MEASURE_STDDEV));
    List<String> groupBy = groupBy();
    request.addAllGroupBy(groupBy);
    if (random.nextBoolean()) {
      request.setFilter(filter());
    }
    if (random.nextInt(3) == 0 && !groupBy.contains("entity_id")) {
      request.setInterval(INTERVALS.get(random.nextInt(INTERVALS.size())));
      request.setTimeZone(ZONES.get(random.nextInt(ZONES.size())));
    }
    return request.build();
  }

  private long[] window() {
    long from = RandomEvents.FROM * MICROS;
    long length = RandomEvents.SECONDS * MICROS;
    long a = from + random.nextLong(length);
    long b =
        switch (random.nextInt(4)) {
          case 0 -> a + random.nextLong(120 * MICROS);
          case 1 -> a + random.nextLong(7_200 * MICROS);
          default -> from + random.nextLong(length);
        };
    long grid =
        switch (random.nextInt(4)) {
          case 0 -> 60 * MICROS;
          case 1 -> 3_600 * MICROS;
          case 2 -> 86_400 * MICROS;
          default -> 1;
        };
    long first = Math.min(a, b) / grid * grid;
    long last = random.nextInt(10) == 0 ? Math.max(a, b) : Math.max(a, b) / grid * grid;
    return new long[] {first, Math.max(first, last)};
  }

  private List<String> groupBy() {
    List<String> all = new ArrayList<>(DIMENSIONS);
    Collections.shuffle(all, random);
    return all.subList(0, random.nextInt(10) == 0 ? 4 : random.nextInt(3));
  }

  private String filter() {
    String one = comparison();
    return switch (random.nextInt(5)) {
      case 0 -> one + " AND " + comparison();
      case 1 -> one + " OR " + comparison();
      case 2 -> "NOT (" + one + " AND " + comparison() + ")";
      default -> one;
    };
  }

  private String comparison() {
    return switch (random.nextInt(8)) {
      case 0 -> "type = t0";
      case 1 -> "type != t1";
      case 2 -> "source : (\"s1\", \"s2\")";
      case 3 -> "source = s3";
      case 4 -> "status = \"\"";
      case 5 -> "status = st1";
      case 6 -> "entity_id = e" + random.nextInt(RandomEvents.ENTITIES);
      default -> "attributes.region != r1";
    };
  }

  private static Metric.Builder metric(Measure measure) {
    return Metric.newBuilder().setMeasure(measure);
  }

  private static Timestamp time(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, MICROS))
        .setNanos((int) Math.floorMod(micros, MICROS) * 1000)
        .build();
  }
}
