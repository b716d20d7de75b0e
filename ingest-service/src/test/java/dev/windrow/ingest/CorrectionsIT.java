package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.correction.Corrections;
import dev.windrow.ingest.correction.EventName;
import dev.windrow.ingest.correction.NotFoldedException;
import dev.windrow.ingest.correction.Target;
import dev.windrow.ingest.correction.Withdrawal;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.runtime.config.Instance;
import java.sql.Connection;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Events are taken back, day by day. */
class CorrectionsIT extends RebuildCourse {
  private static final Withdrawal WITHDRAWAL = new Withdrawal("a-job", "a reason");

  private Corrections corrections(IngestHarness harness) {
    return new Corrections(factory(harness), 1, new Instance("corrector", "test"), thread());
  }

  private static AppendRequest named(AppendRequest batch, String prefix) {
    AppendRequest.Builder named = AppendRequest.newBuilder();
    for (Event event : batch.getEventsList()) {
      named.addEvents(event.toBuilder().setEventId(prefix + named.getEventsCount()));
    }
    return named.build();
  }

  private static List<EventName> names(AppendRequest batch) {
    return batch.getEventsList().stream()
        .map(event -> new EventName(event.getSource(), event.getEventId()))
        .toList();
  }

  private List<Target.Stored> storedOf(IngestHarness harness, List<EventName> names) {
    return got(corrections(harness).find(names)).stream()
        .filter(Target.Stored.class::isInstance)
        .map(Target.Stored.class::cast)
        .filter(event -> event.day().equals(DAY))
        .toList();
  }

  @Test
  void eventsOfDeltasAndBuckets_areTakenBack_andAllElseStays() {
    Random random = new Random(7);
    try (IngestHarness harness = start()) {
      AppendRequest compacted = named(randomBatch(random, 1_000, 7), "a");
      harness.stub().append(compacted);
      compact(harness);
      AppendRequest fresh = named(randomBatch(random, 200, 7), "b");
      harness.stub().append(fresh);
      harness.stub().append(randomBatch(random, 500, 7));
      assertThat(harness.number(DELTAS)).isPositive();
      List<Target.Stored> gone =
          storedOf(
              harness,
              List.of(
                  names(compacted).get(0),
                  names(compacted).get(1),
                  names(compacted).get(2),
                  names(compacted).get(3),
                  names(fresh).get(0),
                  names(fresh).get(1),
                  names(fresh).get(2),
                  names(fresh).get(3)));
      assertThat(gone).isNotEmpty();

      DayReport report = got(corrections(harness).withdraw(DAY, gone, WITHDRAWAL, 9));

      assertThat(report.rollups())
          .hasSize(3)
          .allSatisfy(one -> assertThat(one.replacement().replaced()).isTrue());
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(1_700 - gone.size());
      assertThat(harness.number("SELECT count(*) FROM voided_events")).isEqualTo(gone.size());
      assertThat(wrong(harness)).isZero();
      assertThat(
              harness.number(
                  "SELECT count(*) FROM ingest_batches WHERE lane = -1 AND event_count = 0 AND instance_id = 'corrector'"
                      + " AND oldest_occurred_at = '"
                      + DAY
                      + "Z' AND newest_occurred_at = '"
                      + DAY
                      + " 23:59:59.999999Z'"))
          .isEqualTo(1);
      assertThat(got(corrections(harness).find(gone.stream().map(Target.Stored::name).toList())))
          .allSatisfy(target -> assertThat(target).isInstanceOf(Target.Voided.class));

      // Done again, there is nothing to do.
      assertThat(got(corrections(harness).withdraw(DAY, gone, WITHDRAWAL, 10)).rollups()).isEmpty();
      assertThat(harness.number("SELECT count(*) FROM ingest_batches WHERE lane = -1"))
          .isEqualTo(1);
    }
  }

  @Test
  void eventsThatALaneHoldsInMemory_areNotTakenBackYet() {
    Random random = new Random(8);
    try (IngestHarness harness = start()) {
      // A lane learns from what it has folded that to carry the next is better.
      harness.stub().append(randomBatch(random, 2_000, 2_000));
      harness.stub().append(randomBatch(random, 2_000, 2_000));
      AppendRequest batch = named(randomBatch(random, 2_000, 2_000), "c");
      harness.stub().append(batch);
      assertThat(harness.number(NOTES)).isPositive();
      List<Target.Stored> all = storedOf(harness, names(batch));

      assertThatThrownBy(() -> got(corrections(harness).withdraw(DAY, all, WITHDRAWAL, 9)))
          .isInstanceOf(NotFoldedException.class);
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(6_000);
      assertThat(wrong(harness)).isZero();
    }
  }

  @Test
  void allEventsOfADay_leaveNoRow() {
    Random random = new Random(9);
    try (IngestHarness harness = start()) {
      AppendRequest batch = named(randomBatch(random, 300, 5), "d");
      harness.stub().append(batch);
      compact(harness);
      got(corrections(harness).withdraw(DAY, storedOf(harness, names(batch)), WITHDRAWAL, 9));
      assertThat(
              harness.number(
                  "SELECT count(*) FROM rollup_buckets WHERE start_at >= '2001-01-02Z' AND start_at < '2001-01-03Z'"))
          .isZero();
      assertThat(harness.number("SELECT count(*) FROM rollup_buckets")).isPositive();
      assertThat(wrong(harness)).isZero();
    }
  }

  @Test
  void correction_waitsForTheCompactorAtWork_andSeesWhatItHasDone() throws Exception {
    Random random = new Random(10);
    try (IngestHarness harness = start()) {
      AppendRequest batch = named(randomBatch(random, 300, 5), "e");
      harness.stub().append(batch);
      List<Target.Stored> some = storedOf(harness, names(batch)).subList(0, 5);
      CompletableFuture<DayReport> report;
      try (Connection compactor = harness.database.connect();
          Statement statement = compactor.createStatement()) {
        compactor.setAutoCommit(false);
        statement.execute("SELECT pg_advisory_xact_lock(x'57490002'::integer, 1)");
        // As compaction does: a delta is gone when the lock is let go.
        report =
            corrections(harness)
                .withdraw(LocalDate.parse("2001-01-02"), some, WITHDRAWAL, 9)
                .toFuture();
        patiently().until(() -> locks(harness, false) == 1);
        statement.execute(
            "DELETE FROM rollup_deltas WHERE rollup_id = 1 AND start_at >= '2001-01-02Z' AND start_at < '2001-01-03Z'");
        compactor.commit();
      }
      assertThat(report.get(30, TimeUnit.SECONDS).rollups()).hasSize(3);
      assertThat(wrong(harness)).isZero();
    }
  }
}
