package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.RaisedFaults.Place;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R27, its part that needs no luck: each error that passes by itself is raised at each place
 * of a flush, at its COMMIT, and in compaction, while producers stream.
 */
@Tag("minutes")
class RaisedFaultsIT {
  // No room on disk, in memory, for connections, for files; a setting's limit; a disk that fails;
  // the server starts, or ends the session or the transaction.
  private static final List<String> SCARCE =
      List.of("53100", "53200", "53300", "53000", "53400", "58030", "57P03", "57P01", "25P04");
  // Serialization, deadlock, a lock that was not had.
  private static final List<String> CONFLICTS = List.of("40001", "40P01", "55P03");
  private static final String COMPACTED =
      "SELECT coalesce(sum(event_count), 0) FROM rollup_buckets WHERE rollup_id = 1 AND grain = 3";
  private static final int PRODUCERS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private IngestHarness harness;
  private RaisedFaults faults;
  private ResumingProducers producers;
  private Probe probe;

  @BeforeEach
  void start() {
    harness = IngestHarness.start("WINDROW_LIGHT_BYTES", "0");
    faults = new RaisedFaults(harness);
    producers = new ResumingProducers(harness.server.port(), PRODUCERS);
    probe = new Probe(harness);
  }

  @AfterEach
  void stop() {
    producers.close();
    harness.close();
  }

  @Test
  void flush_thatAnyFaultHits_isNotAcknowledged_andGoesOnBehindIt() throws Exception {
    producers.awaitAcknowledged(20, PATIENCE);
    int refused = 0;
    for (String state : all()) {
      for (Place place : Place.ofFlush()) {
        faults.begin(place, state);
        probe.refused(place + " " + state, RaisedFaults.SECRET);
        assertThat(faults.count()).as("%s %s was raised", place, state).isPositive();
        faults.end();
        probe.stored(PATIENCE);
        refused++;
      }
    }
    check("flush refused=" + refused);
  }

  @Test
  void flush_thatAConflictHitsTwice_isStored_andNobodyNotices() throws Exception {
    // Alone: others would take their share of the faults.
    producers.finish(PATIENCE);
    int retried = 0;
    for (String state : CONFLICTS) {
      for (Place place : Place.ofFlush()) {
        faults.begin(place, state, 2);
        probe.storedAtOnce();
        assertThat(faults.count()).as("%s %s was raised", place, state).isGreaterThan(2);
        faults.end();
        retried++;
      }
    }
    check("flush retried=" + retried);
  }

  @Test
  void compaction_thatAnyFaultHits_goesOnBehindIt() throws Exception {
    producers.awaitAcknowledged(20, PATIENCE);
    producers.finish(PATIENCE);
    int stopped = 0;
    for (String state : all()) {
      faults.begin(Place.BUCKETS, state);
      // A step that began before may still commit; once one was hit, there is none.
      whileIngestGoesOn(1);
      long compacted = harness.number(COMPACTED);
      whileIngestGoesOn(3);
      assertThat(harness.number(COMPACTED))
          .as("compacted in spite of %s", state)
          .isEqualTo(compacted);
      faults.end();
      RebuildCourse.patiently().until(() -> harness.number(COMPACTED) > compacted);
      stopped++;
    }
    check("compaction stopped=" + stopped);
  }

  private void whileIngestGoesOn(int raised) {
    RebuildCourse.patiently()
        .until(
            () -> {
              probe.storedAtOnce();
              return faults.count() >= raised;
            });
  }

  private static List<String> all() {
    return Stream.concat(SCARCE.stream(), CONFLICTS.stream()).toList();
  }

  private void check(String what) throws Exception {
    producers.finish(PATIENCE);
    RebuildCourse.patiently()
        .until(
            () -> harness.number(RebuildCourse.DELTAS) + harness.number(RebuildCourse.NOTES) == 0);
    ResumingProducers.Count count = producers.count(harness.database);
    System.out.printf(
        "R27 raised %s sent=%d acked=%d rows=%d lost=%d dup=%d%n",
        what, count.sent(), count.acked(), count.rows(), count.lost(), count.doubled());
    count.check(what);
    probe.check();
    Invariant.check(harness.database);
  }
}
