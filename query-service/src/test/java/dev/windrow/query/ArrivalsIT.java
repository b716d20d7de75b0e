package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.Arrivals;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers tell how many events of their window did not arrive as they should. */
class ArrivalsIT {
  private static final long BEGIN = Instant.parse("2001-01-30T00:00:00Z").getEpochSecond();
  private static final int MINUTES = 4 * 1440;

  private QueryHarness harness;

  @BeforeEach
  void start() throws IOException {
    harness = QueryHarness.start(Map.of());
    harness.execute(
        "SELECT ensure_event_days(ARRAY(SELECT '2001-01-30'::date + n FROM generate_series(0, 3) AS n))");
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void answer_whereAllArrivedAsItShould_countsNone() {
    Arrivals arrivals = ask("2001-01-30T10:00:30Z", "2001-01-30T10:01:30Z").getArrivals();
    assertThat(arrivals.getWindow())
        .isEqualTo(window("2001-01-30T10:00:00Z", "2001-01-30T10:02:00Z"));
    assertThat(text(arrivals)).isEqualTo("0 0 0");
  }

  @Test
  void counts_ofAnyWindow_areThoseOfItsMinutes_inBucketsAndDeltas() {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    long[] late = new long[MINUTES];
    long[] rejected = new long[MINUTES];
    for (int i = 0; i < 300; i++) {
      int minute = random.nextInt(MINUTES);
      boolean compacted = random.nextInt(3) > 0;
      String kind = random.nextBoolean() ? "late" : "rejected";
      int count = 1 + random.nextInt(9);
      (kind.equals("late") ? late : rejected)[minute] += count;
      store(kind, minute, count, compacted);
    }
    for (int i = 0; i < 150; i++) {
      long from = 60L * random.nextInt(MINUTES) + random.nextInt(60);
      long to =
          Math.min(
              60L * MINUTES, from + 1 + (long) (60L * MINUTES * Math.pow(random.nextDouble(), 4)));
      Arrivals arrivals = ask(at(from), at(to)).getArrivals();
      int first = (int) (from / 60);
      int end = (int) ((to + 59) / 60);
      assertThat(text(arrivals))
          .as("seed %d, %s to %s", seed, at(from), at(to))
          .isEqualTo(sum(late, first, end) + " 0 " + sum(rejected, first, end));
      assertThat(arrivals.getWindow()).isEqualTo(window(at(60L * first), at(60L * end)));
    }
  }

  @Test
  void counts_whereFineBucketsAreGone_areOfWholeHoursAndDays() {
    store("late", 60, 1, true);
    store("late", 1440 + 60, 2, true);
    store("late", 2 * 1440 + 60, 4, true);
    store("late", 2 * 1440 + 119, 8, true);
    store("late", 3 * 1440, 16, true);
    // Events are there, so the whole window is answered.
    harness.execute(
        "INSERT INTO retention_horizons (tenant_id, tier, from_at) VALUES"
            + " (1, 'day', '2001-01-31Z'), (1, 'hour', '2001-02-01Z'), (1, 'minute', '2001-02-02Z');"
            + " DELETE FROM rollup_buckets WHERE rollup_id = 0 AND (grain = 1 AND start_at < '2001-02-02Z'"
            + " OR grain = 2 AND start_at < '2001-02-01Z' OR start_at < '2001-01-31Z')");

    Arrivals arrivals = ask("2001-01-30T10:10:10Z", "2001-02-02T00:00:10Z").getArrivals();
    assertThat(arrivals.getWindow())
        .isEqualTo(window("2001-01-31T00:00:00Z", "2001-02-02T00:01:00Z"));
    assertThat(text(arrivals)).isEqualTo("30 0 0");

    arrivals = ask("2001-02-01T01:20:00Z", "2001-02-01T01:30:00Z").getArrivals();
    assertThat(arrivals.getWindow())
        .isEqualTo(window("2001-02-01T01:00:00Z", "2001-02-01T02:00:00Z"));
    assertThat(text(arrivals)).isEqualTo("12 0 0");

    assertThat(text(ask("2001-01-31T20:00:00Z", "2001-01-31T21:00:00Z").getArrivals()))
        .isEqualTo("2 0 0");
  }

  @Test
  void answer_asOfAnEarlierPosition_saysNothing() {
    String position = ask(at(0), at(60)).getPosition();
    AnswerInfo info =
        harness
            .client()
            .summarize(
                SummarizeRequest.newBuilder()
                    .setWindow(window(at(0), at(60)))
                    .setPosition(position)
                    .build())
            .getInfo();
    assertThat(info.hasArrivals()).isFalse();
  }

  private void store(String kind, int minute, int count, boolean compacted) {
    long start = BEGIN + 60L * minute;
    if (!compacted) {
      insert("rollup_deltas", kind, 1, start, count);
      return;
    }
    insert("rollup_buckets", kind, 1, start, count);
    insert("rollup_buckets", kind, 2, start - Math.floorMod(start, 3600L), count);
    insert("rollup_buckets", kind, 3, start - Math.floorMod(start, 86_400L), count);
  }

  private void insert(String table, String kind, int grain, long start, int count) {
    String conflict =
        table.equals("rollup_buckets")
            ? " ON CONFLICT (tenant_id, rollup_id, grain, start_at, key)"
                + " DO UPDATE SET event_count = b.event_count + EXCLUDED.event_count"
            : "";
    harness.execute(
        ("INSERT INTO %s AS b (tenant_id, rollup_id, grain, start_at, key, event_count, value_count, value_sum,"
                    + " amount_sum, value_sketch, entity_sketch)"
                    + " VALUES (1, 0, %d, to_timestamp(%d), ARRAY['%s'], %d, 0, 0, 0, '', '')")
                .formatted(table, grain, start, kind, count)
            + conflict
            + "; UPDATE tenants SET has_arrivals = true");
  }

  private AnswerInfo ask(String from, String to) {
    return harness
        .client()
        .summarize(SummarizeRequest.newBuilder().setWindow(window(from, to)).build())
        .getInfo();
  }

  private static TimeWindow window(String from, String to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamps.fromSeconds(Instant.parse(from).getEpochSecond()))
        .setEndTime(Timestamps.fromSeconds(Instant.parse(to).getEpochSecond()))
        .build();
  }

  private static String at(long second) {
    return Instant.ofEpochSecond(BEGIN + second).toString();
  }

  private static long sum(long[] counts, int from, int to) {
    long sum = 0;
    for (int i = from; i < to; i++) {
      sum += counts[i];
    }
    return sum;
  }

  private static String text(Arrivals arrivals) {
    return arrivals.getLateCount()
        + " "
        + arrivals.getDuplicateCount()
        + " "
        + arrivals.getRejectedCount();
  }
}
