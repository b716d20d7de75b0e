package dev.windrow.quickstart.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.ingest.v1.RejectionReason;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.Arrivals;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.quickstart.exactness.SkewedSeed.Sent;
import dev.windrow.quickstart.testing.Client;
import dev.windrow.runtime.config.Settings;
import io.grpc.Channel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R13: whatever clocks and networks did to the events, an answer is that of brute force over
 * those that were accepted; and those that were not are told and counted, each with its reason.
 */
@Tag("minutes")
class SkewIT {
  private static final Duration ALL = Duration.ofDays(36_500);
  private static final int SEEDS = Integer.getInteger("windrow.test.seeds", 1_000);
  private static final int WORKERS = 4;
  private static final int QUESTIONS_PER_SEED = 3;
  private static final List<Measure> MEASURES =
      List.of(
          Measure.MEASURE_COUNT,
          Measure.MEASURE_SUM,
          Measure.MEASURE_MIN,
          Measure.MEASURE_MAX,
          Measure.MEASURE_AMOUNT_SUM,
          Measure.MEASURE_DISTINCT_ENTITIES);
  private static final List<List<String>> GROUPS =
      List.of(
          List.of(),
          List.of("source", "status"),
          List.of("entity_id"),
          List.of("attributes.region"),
          List.of("status", "attributes.region"));

  private final AtomicInteger next = new AtomicInteger();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong duplicates = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();
  private final AtomicLong ofOurTime = new AtomicLong();
  private final AtomicLong tooOld = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();

  @Test
  void answers_areThoseOfTheAcceptedEvents_howeverTheyCame() throws Exception {
    long first = Long.getLong("windrow.test.seed", System.nanoTime());
    try (TestDatabase database = TestDatabase.create();
        IngestServer ingest = new IngestServer(IngestConfig.from(ingestSettings(database)));
        QueryServer query = new QueryServer(QueryConfig.from(new Settings(database.settings())))) {
      ingest.start();
      query.start();
      try (Client toIngest = Client.of(ingest);
          Client toQuery = Client.of(query)) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
          ends.add(
              CompletableFuture.runAsync(
                  () -> work(first, toIngest.channel(), toQuery.channel()),
                  task -> new Thread(task).start()));
        }
        for (CompletableFuture<Void> end : ends) {
          end.get(5, TimeUnit.MINUTES);
        }
        checkArrivals(toQuery.channel());
      }
    }
    System.out.printf(
        "R13 seeds=%d sent=%s accepted=%s duplicates=%s rejected=%s rows=%s mismatches=0"
            + " first_seed=%d%n",
        SEEDS, sent, accepted, duplicates, rejected, rows, first);
    assertThat(sent.get()).isEqualTo(accepted.get() + duplicates.get() + rejected.get());
    assertThat(rejected).hasPositiveValue();
    assertThat(duplicates).hasPositiveValue();
  }

  /** What producers were told is what answers count; of what is too old, where it has buckets. */
  private void checkArrivals(Channel toQuery) {
    Instant now = Instant.now();
    TimeWindow all =
        TimeWindow.newBuilder()
            .setStartTime(Timestamps.fromSeconds(now.minus(ALL).getEpochSecond()))
            .setEndTime(Timestamps.fromSeconds(now.plus(ALL).getEpochSecond()))
            .build();
    Arrivals arrivals =
        QueryServiceGrpc.newBlockingStub(toQuery)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .summarize(SummarizeRequest.newBuilder().setWindow(all).build())
            .getInfo()
            .getArrivals();
    assertThat(arrivals.getDuplicateCount()).isEqualTo(duplicates.get());
    assertThat(arrivals.getRejectedCount())
        .isBetween(ofOurTime.get(), ofOurTime.get() + tooOld.get());
    assertThat(arrivals.getLateCount()).as("nobody declares anything").isZero();
  }

  private void work(long first, Channel toIngest, Channel toQuery) {
    for (int i = next.getAndIncrement(); i < SEEDS; i = next.getAndIncrement()) {
      long seed = first + i;
      Instant now = Instant.now();
      SkewedSeed skewed = new SkewedSeed(seed, now);
      List<Event> stored = send(seed, skewed.requests(), toIngest);
      Random random = new Random(seed);
      for (int question = 0; question < QUESTIONS_PER_SEED; question++) {
        SummarizeRequest request = question(skewed.type(), now, random);
        var answered =
            OracleInMemory.answered(
                request,
                QueryServiceGrpc.newBlockingStub(toQuery)
                    .withDeadlineAfter(30, TimeUnit.SECONDS)
                    .summarize(request)
                    .getRowsList());
        assertThat(answered)
            .as("seed %d: %s", seed, request)
            .isEqualTo(OracleInMemory.rows(request, stored));
        rows.addAndGet(answered.size());
      }
    }
  }

  /** The events that must be in every answer. */
  private List<Event> send(long seed, List<List<Sent>> requests, Channel toIngest) {
    List<Event> stored = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (List<Sent> request : requests) {
      Map<Long, RejectionReason> refused = new HashMap<>();
      AppendRequest.Builder append = AppendRequest.newBuilder();
      int repeats = 0;
      for (int i = 0; i < request.size(); i++) {
        Event event = request.get(i).event();
        append.addEvents(event);
        if (request.get(i).fate() != RejectionReason.REJECTION_REASON_UNSPECIFIED) {
          refused.put((long) i, request.get(i).fate());
        } else if (ids.add(event.getEventId())) {
          stored.add(event);
        } else {
          repeats++;
        }
      }
      AppendResponse told =
          IngestServiceGrpc.newBlockingStub(toIngest)
              .withDeadlineAfter(30, TimeUnit.SECONDS)
              .append(append.build());
      Map<Long, RejectionReason> toldRefused = new HashMap<>();
      for (Rejection rejection : told.getRejectionsList()) {
        toldRefused.put(rejection.getIndex(), rejection.getReason());
      }
      assertThat(toldRefused).as("rejections, seed %d", seed).isEqualTo(refused);
      assertThat(told.getDuplicateCount()).as("duplicates, seed %d", seed).isEqualTo(repeats);
      assertThat(told.getStoredCount())
          .as("stored, seed %d", seed)
          .isEqualTo(request.size() - refused.size() - repeats);
      sent.addAndGet(request.size());
      duplicates.addAndGet(told.getDuplicateCount());
      rejected.addAndGet(told.getRejectionsCount());
      for (Map.Entry<Long, RejectionReason> one : refused.entrySet()) {
        boolean hasTime = append.getEvents(one.getKey().intValue()).hasOccurredAt();
        switch (one.getValue()) {
          case REJECTION_REASON_TOO_OLD -> tooOld.incrementAndGet();
          case REJECTION_REASON_TOO_FAR_IN_FUTURE -> {}
          default -> ofOurTime.addAndGet(hasTime ? 1 : 0);
        }
      }
    }
    accepted.addAndGet(stored.size());
    return stored;
  }

  private static SummarizeRequest question(String type, Instant now, Random random) {
    long end = now.plus(SkewedSeed.MAX_FUTURE).getEpochSecond() * 1_000_000;
    long length = SkewedSeed.MAX_AGE.plus(Duration.ofHours(1)).toSeconds() * 1_000_000;
    // Short ones end where most of the events are; edges lie askew, or are whole minutes.
    long to = end - (random.nextBoolean() ? 0 : random.nextLong(length / 100));
    long from = to - length / (random.nextBoolean() ? 1 : 1 + random.nextInt(100));
    if (random.nextBoolean()) {
      from -= Math.floorMod(from, 60_000_000L);
    } else {
      from += random.nextInt(1_000_000);
    }
    boolean isLong = to - from > Duration.ofDays(1).toSeconds() * 1_000_000;
    Interval interval =
        switch (random.nextInt(3)) {
          case 0 -> Interval.INTERVAL_UNSPECIFIED;
          case 1 -> isLong ? Interval.INTERVAL_DAY : Interval.INTERVAL_MINUTE;
          default -> Interval.INTERVAL_HOUR;
        };
    SummarizeRequest.Builder request =
        SummarizeRequest.newBuilder()
            .setWindow(
                TimeWindow.newBuilder()
                    .setStartTime(Timestamps.fromMicros(from))
                    .setEndTime(Timestamps.fromMicros(to)))
            .setFilter("type = " + type)
            .addAllGroupBy(GROUPS.get(random.nextInt(GROUPS.size())))
            .setInterval(interval)
            .setLimit(10_000);
    MEASURES.forEach(measure -> request.addMetrics(Metric.newBuilder().setMeasure(measure)));
    return request.build();
  }

  private static Settings ingestSettings(TestDatabase database) {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_MAX_EVENT_AGE", SkewedSeed.MAX_AGE.toString());
    settings.put("WINDROW_RETENTION_RAW", "PT0S");
    settings.put("WINDROW_RETENTION_MINUTE", "PT0S");
    settings.put("WINDROW_RETENTION_HOUR", "PT0S");
    settings.put("WINDROW_MAX_EVENT_FUTURE", SkewedSeed.MAX_FUTURE.toString());
    settings.put("WINDROW_COMPACTION_PAUSE", "PT0.02S");
    return new Settings(settings);
  }
}
