package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.accept.TestBlocks.TestEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import dev.windrow.ingest.lane.SourceWatermark;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for the tests of flushes, and what they are told, as text. */
final class FlushTexts {
  static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private FlushTexts() {}

  static TestEvent event(int index, String source, String id, long hash) {
    return new TestEvent(index, 1000L * index, source, id, hash);
  }

  static RejectedEvent rejected(int index) {
    return new RejectedEvent(
        index, RejectedEvent.Reason.TOO_OLD, "occurred_at", "occurred_at: old", Instant.EPOCH);
  }

  static PendingAppend request(@Nullable Producer producer, TestEvent... events) {
    return new PendingAppend(
        producer,
        new AcceptedBatch(TestBlocks.of(Arrays.asList(events)), List.of(), 0),
        outcome -> {});
  }

  static PendingAppend allOrNothing(
      @Nullable Producer producer, List<RejectedEvent> rejected, TestEvent... events) {
    return new PendingAppend(
        producer,
        new AcceptedBatch(TestBlocks.of(Arrays.asList(events)), rejected, 0),
        true,
        List.of(),
        outcome -> {});
  }

  static PendingAppend declaring(String producer, long sequence, SourceWatermark... watermarks) {
    return new PendingAppend(
        new Producer(producer, 0, sequence),
        AcceptedBatch.EMPTY,
        false,
        Arrays.asList(watermarks),
        outcome -> {});
  }

  /** What each request is told, as text. */
  static List<String> decide(
      FlushWork work, Map<String, Position> ledger, Map<EventKey, Long> stored) {
    work.decidePositions(ledger);
    work.decideIds(stored, CLOCK);
    return work.outcomes("pos").stream().map(FlushTexts::text).toList();
  }

  static String text(AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.Failed failed) {
      var metadata = failed.failure().metadata();
      String next = metadata.getOrDefault("expected_sequence", metadata.get("current_epoch"));
      return failed.failure().reason()
          + " "
          + (next == null ? metadata.get("rejected_count") : next);
    }
    AppendOutcome.Durable durable = (AppendOutcome.Durable) outcome;
    return (durable.duplicateRequest() ? "REPEATED " : "STORED ")
        + counts(
            durable.storedCount(),
            durable.duplicateCount(),
            durable.rejected().stream().map(RejectedEvent::index).toList())
        + " AT "
        + durable.durableSequence();
  }

  static String counts(long stored, long duplicates, List<Integer> rejected) {
    return stored
        + (duplicates == 0 ? "" : " DROPPED " + duplicates)
        + (rejected.isEmpty() ? "" : " REFUSED " + rejected);
  }
}
