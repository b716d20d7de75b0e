package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.SourceWatermark;
import io.grpc.StatusRuntimeException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted of events that do not arrive as they should. */
class ArrivalsIT {
  private static final String NINE = "2001-01-01T09:00:00Z";
  private static final String TEN = "2001-01-01T10:00:30Z";
  private static final String ELEVEN = "2001-01-01T11:00:00Z";

  private IngestHarness harness;

  @BeforeEach
  void start() {
    harness = IngestHarness.start();
  }

  @AfterEach
  void stop() {
    harness.close();
  }

  @Test
  void events_thatArriveAsTheyShould_areNotCounted() {
    append(request("p", 1).addEvents(IngestHarness.event(TEN)));
    assertThat(counts()).isEmpty();
    assertThat(isMarked()).isFalse();
  }

  @Test
  void duplicates_areCounted_andRepeatedRequestsAreNot() {
    AppendRequest.Builder first =
        request("p", 1)
            .addEvents(IngestHarness.event(TEN).setEventId("1"))
            .addEvents(IngestHarness.event(TEN).setEventId("1"));
    append(first);
    append(first);
    append(request("p", 2).addEvents(IngestHarness.event(TEN).setEventId("1")));
    // Nothing else is stored by this one, and nobody knows its producer.
    AppendResponse alone =
        append(AppendRequest.newBuilder().addEvents(IngestHarness.event(TEN).setEventId("1")));

    assertThat(alone.getDuplicateCount()).isEqualTo(1);
    assertThat(counts()).isEqualTo("2001-01-01 10:00 duplicate 3");
    assertThat(isMarked()).isTrue();
  }

  @Test
  void rejections_areCounted_butOfWhatFailsAsAWhole() {
    append(
        request("p", 1)
            .addEvents(IngestHarness.event(TEN))
            .addEvents(IngestHarness.event(TEN).setSource(""))
            .addEvents(IngestHarness.event(ELEVEN).setValue(Double.NaN))
            .addEvents(IngestHarness.event(TEN).clearOccurredAt())
            .addEvents(IngestHarness.event("2999-01-01T00:00:00Z")));
    assertThatThrownBy(
            () ->
                append(
                    request("p", 2)
                        .setAllOrNothing(true)
                        .addEvents(IngestHarness.event(TEN))
                        .addEvents(IngestHarness.event(TEN).setSource(""))))
        .isInstanceOf(StatusRuntimeException.class);
    append(request("p", 2).addEvents(IngestHarness.event(TEN).setEventId("1")));
    append(request("p", 3).addEvents(IngestHarness.event(NINE).setEventId("1")));

    assertThat(counts())
        .isEqualTo(
            "2001-01-01 09:00 rejected 1, 2001-01-01 10:00 rejected 1,"
                + " 2001-01-01 11:00 rejected 1");
  }

  /** A day that has nothing else gets its buckets. */
  @Test
  void rejections_alone_areCounted() {
    append(AppendRequest.newBuilder().addEvents(IngestHarness.event(TEN).setSource("")));
    assertThat(counts()).isEqualTo("2001-01-01 10:00 rejected 1");
    assertThat(harness.number("SELECT count(*) FROM events")).isZero();
  }

  @Test
  void rejections_thatAreTooOld_areCountedWhereThereAreBuckets() {
    append(request("p", 1).addEvents(IngestHarness.event(TEN)));
    try (IngestHarness strict = IngestHarness.beside(harness, "WINDROW_MAX_EVENT_AGE", "P30D")) {
      AppendResponse response =
          strict
              .stub()
              .append(
                  AppendRequest.newBuilder()
                      .addEvents(IngestHarness.event(TEN))
                      .addEvents(IngestHarness.event("2001-02-01T00:00:00Z"))
                      .addEvents(IngestHarness.event("1990-01-01T00:00:00Z"))
                      .build());
      assertThat(response.getRejectionsCount()).isEqualTo(3);
      assertThat(counts()).isEqualTo("2001-01-01 10:00 rejected 1");
      String batches = "SELECT count(*) FROM ingest_batches";
      long before = harness.number(batches);
      assertThat(tooOld(strict, "2001-02-01T00:00:00Z")).isEqualTo(1);
      assertThat(harness.number(batches)).as("none for nothing").isEqualTo(before);

      // Behind a horizon nothing may be written.
      execute(
          "INSERT INTO retention_horizons (tenant_id, tier, from_at) VALUES (1, 'minute', '2001-01-02Z')");
      assertThat(tooOld(strict, TEN)).isEqualTo(1);
      assertThat(harness.number(batches)).isEqualTo(before);
    }
    assertThat(counts()).isEqualTo("2001-01-01 10:00 rejected 1");
  }

  private static int tooOld(IngestHarness strict, String time) {
    return strict
        .stub()
        .append(AppendRequest.newBuilder().addEvents(IngestHarness.event(time)).build())
        .getRejectionsCount();
  }

  private void execute(String sql) {
    try (Connection connection = harness.database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  @Test
  void events_behindTheirWatermark_areLate() {
    append(request("p", 1).addEvents(IngestHarness.event(TEN)).addSourceWatermarks(until(ELEVEN)));
    append(
        request("p", 2)
            .addEvents(IngestHarness.event(TEN))
            .addEvents(IngestHarness.event(ELEVEN))
            .addEvents(IngestHarness.event(TEN).setSource("another")));
    // Of several producers the least counts.
    append(request("q", 1).addSourceWatermarks(until(NINE)));
    append(request("p", 3).addEvents(IngestHarness.event(TEN)));

    assertThat(counts()).isEqualTo("2001-01-01 10:00 late 1");
  }

  @Test
  void counts_ofManyLanes_addUp() {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String producer = "p" + i;
      ends.add(
          CompletableFuture.runAsync(
              () -> {
                for (int sequence = 1; sequence <= 50; sequence++) {
                  append(
                      request(producer, sequence)
                          .addEvents(IngestHarness.event(TEN).setEventId(producer))
                          .addEvents(IngestHarness.event(ELEVEN).setSource("")));
                }
              },
              task -> new Thread(task).start()));
    }
    ends.forEach(CompletableFuture::join);

    assertThat(counts()).isEqualTo("2001-01-01 10:00 duplicate 392, 2001-01-01 11:00 rejected 400");
    Invariant.check(harness.database);
  }

  /** Only then answers look for counts. */
  private boolean isMarked() {
    return harness.text("SELECT has_arrivals FROM tenants WHERE tenant_id = 1").equals("t");
  }

  private AppendResponse append(AppendRequest.Builder request) {
    return harness.stub().append(request.build());
  }

  private static AppendRequest.Builder request(String producer, long sequence) {
    return AppendRequest.newBuilder().setProducerId(producer).setSequence(sequence);
  }

  private static SourceWatermark until(String time) {
    return SourceWatermark.newBuilder()
        .setSource("s")
        .setCompleteUntil(Timestamp.newBuilder().setSeconds(Instant.parse(time).getEpochSecond()))
        .build();
  }

  /** Of minutes, once they are compacted; hours and days must say the same. */
  private String counts() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> harness.number("SELECT count(*) FROM rollup_deltas") == 0);
    assertThat(
            harness.number(
                "SELECT count(*) FROM (SELECT key, sum(event_count) FILTER (WHERE grain = 2) AS hours,"
                    + " sum(event_count) FILTER (WHERE grain = 3) AS days FROM rollup_buckets"
                    + " WHERE rollup_id = 0 GROUP BY 1) AS sums WHERE hours IS DISTINCT FROM days"))
        .isZero();
    return inBuckets(1);
  }

  private String inBuckets(int grain) {
    return harness.text(
        "SELECT coalesce(string_agg(to_char(start_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')"
            + " || ' ' || key[1] || ' ' || event_count, ', ' ORDER BY start_at, key), '')"
            + " FROM rollup_buckets WHERE rollup_id = 0 AND grain = "
            + grain);
  }
}
