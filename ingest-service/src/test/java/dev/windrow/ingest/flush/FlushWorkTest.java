package dev.windrow.ingest.flush;

import static dev.windrow.ingest.flush.FlushTexts.decide;
import static dev.windrow.ingest.flush.FlushTexts.declaring;
import static dev.windrow.ingest.flush.FlushTexts.event;
import static dev.windrow.ingest.flush.FlushTexts.rejected;
import static dev.windrow.ingest.flush.FlushTexts.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.accept.TestBlocks.TestEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import dev.windrow.ingest.lane.SourceWatermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushWorkTest {
  private static final Comparator<RejectedEvent> BY_INDEX =
      Comparator.comparingInt(RejectedEvent::index);

  @ParameterizedTest
  @CsvSource({
    // The ledger; the request's epoch and sequence; what it is told; the position afterwards.
    "0, 0, 0, 1, STORED 1 AT 1, 0, 1",
    "0, 0, 0, 2, SEQUENCE_GAP 1, 0, 0",
    "0, 0, 0, 0, STORED 0 AT 0, 0, 0",
    "0, 0, 7, 0, STORED 0 AT 0, 7, 0",
    "0, 5, 0, 6, STORED 1 AT 6, 0, 6",
    "0, 5, 0, 5, REPEATED 1 AT 5, 0, 5",
    "0, 5, 0, 1, REPEATED 1 AT 5, 0, 5",
    "0, 5, 0, 7, SEQUENCE_GAP 6, 0, 5",
    "0, 5, 0, 0, STORED 0 AT 5, 0, 5",
    "3, 5, 2, 6, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 2, 5, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 2, 9, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 2, 0, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 3, 6, STORED 1 AT 6, 3, 6",
    "3, 5, 4, 6, STORED 1 AT 6, 4, 6",
    "3, 5, 4, 1, REPEATED 1 AT 5, 4, 5",
    "3, 5, 4, 7, SEQUENCE_GAP 6, 3, 5",
    "3, 5, 4, 0, STORED 0 AT 5, 4, 5",
  })
  void decidePositions_ofOneRequest(
      long ledgerEpoch,
      long ledgerSequence,
      long epoch,
      long sequence,
      String told,
      long nextEpoch,
      long nextSequence) {
    Position ledger = new Position(ledgerEpoch, ledgerSequence);
    TestEvent[] events = sequence == 0 ? new TestEvent[0] : new TestEvent[] {event(0, "s", "", 0)};
    FlushWork work = new FlushWork(List.of(request(new Producer("p", epoch, sequence), events)));

    List<String> outcomes = decide(work, Map.of("p", ledger), Map.of());

    assertThat(outcomes).containsExactly(told);
    assertThat(work.advanced().getOrDefault("p", ledger))
        .isEqualTo(new Position(nextEpoch, nextSequence));
    assertThat(work.writes()).isEqualTo(!work.advanced().isEmpty());
  }

  @Test
  void decidePositions_withinOneFlush_seesTheRequestsBefore() {
    TestEvent event = event(0, "s", "", 0);
    FlushWork work =
        new FlushWork(
            List.of(
                request(new Producer("p", 0, 1), event),
                request(new Producer("q", 0, 1), event),
                request(new Producer("p", 0, 2), event),
                request(new Producer("p", 0, 2), event),
                request(new Producer("p", 0, 4), event),
                request(new Producer("p", 1, 0)),
                request(new Producer("p", 0, 3), event),
                request(new Producer("p", 1, 3), event),
                request(null, event)));

    List<String> outcomes =
        decide(work, Map.of("p", new Position(0, 0), "q", new Position(0, 0)), Map.of());

    assertThat(outcomes)
        .containsExactly(
            "STORED 1 AT 1",
            "STORED 1 AT 1",
            "STORED 1 AT 2",
            "REPEATED 1 AT 2",
            "SEQUENCE_GAP 3",
            "STORED 0 AT 2",
            "PRODUCER_FENCED 1",
            "STORED 1 AT 3",
            "STORED 1 AT 0");
    assertThat(work.stored()).isEqualTo(5);
    assertThat(work.advanced())
        .containsOnly(Map.entry("p", new Position(1, 3)), Map.entry("q", new Position(0, 1)));
  }

  @Test
  void ids_ofRequestsThatAreNotStored_areNotClaimed() {
    FlushWork work =
        new FlushWork(
            List.of(
                request(new Producer("p", 0, 1), event(0, "s", "repeat", 1)),
                request(new Producer("p", 0, 9), event(0, "s", "gap", 1)),
                request(new Producer("p", 0, 6), event(0, "s", "next", 1), event(1, "s", "", 0)),
                request(null, event(0, "r", "free", 2), event(1, "r", "free", 3))));

    work.decidePositions(Map.of("p", new Position(0, 5)));

    assertThat(work.ids())
        .containsExactly(
            Map.entry(new EventKey("r", "free"), 2L), Map.entry(new EventKey("s", "next"), 1L));
  }

  @Test
  void decideIds_withinOneFlush_keepsTheFirst() {
    FlushWork work =
        new FlushWork(
            List.of(
                request(null, event(0, "s", "a", 1), event(1, "s", "a", 1), event(2, "s", "a", 2)),
                request(null, event(0, "s", "a", 1), event(1, "r", "a", 9), event(2, "s", "", 0)),
                request(null, event(0, "s", "", 0))));

    List<String> outcomes = decide(work, Map.of(), Map.of());

    assertThat(outcomes)
        .containsExactly(
            "STORED 1 DROPPED 1 REFUSED [2] AT 0", "STORED 2 DROPPED 1 AT 0", "STORED 1 AT 0");
    BeginBatch.Stamp stamp = new BeginBatch.Stamp(7, 1, "1", Instant.EPOCH);
    assertThat(work.lineage(stamp, 3, null))
        .isEqualTo(new RecordBatch.Lineage(7, Instant.EPOCH, 3, 3, 4, 2, 1, null));
  }

  @Test
  void decideIds_ofStoredIds_dropsOrRefuses() {
    FlushWork work =
        new FlushWork(List.of(request(null, event(0, "s", "a", 1), event(1, "s", "b", 1))));

    List<String> outcomes =
        decide(work, Map.of(), Map.of(new EventKey("s", "a"), 1L, new EventKey("s", "b"), 2L));

    assertThat(outcomes).containsExactly("STORED 0 DROPPED 1 REFUSED [1] AT 0");
    List<String> arrivals = new ArrayList<>();
    work.arrivals().forEach(row -> arrivals.add(row.key() + " " + row.aggregate().count()));
    assertThat(arrivals).containsExactly("[duplicate] 1", "[rejected] 1");
    assertThat(work.writes()).as("for these counts").isTrue();
  }

  @Test
  void refusals_withoutATime_areNotWorthACommit() {
    RejectedEvent refused =
        new RejectedEvent(0, RejectedEvent.Reason.MISSING_FIELD, "occurred_at", "", Instant.EPOCH);
    FlushWork work =
        new FlushWork(
            List.of(
                new PendingAppend(
                    null,
                    new AcceptedBatch(EventBlock.EMPTY, List.of(refused), 0),
                    outcome -> {})));

    decide(work, Map.of(), Map.of());

    assertThat(work.writes()).isFalse();
  }

  @Test
  void decideIds_besideEarlierRefusals_keepsThemInTheOrderOfTheRequest() {
    RejectedEvent refused =
        new RejectedEvent(1, RejectedEvent.Reason.TOO_OLD, "occurred_at", "", Instant.EPOCH);
    AcceptedBatch batch =
        new AcceptedBatch(
            TestBlocks.of(List.of(event(0, "s", "a", 1), event(2, "s", "b", 1))),
            List.of(refused),
            0);
    FlushWork work = new FlushWork(List.of(new PendingAppend(null, batch, outcome -> {})));

    List<String> outcomes =
        decide(work, Map.of(), Map.of(new EventKey("s", "a"), 2L, new EventKey("s", "b"), 2L));

    assertThat(outcomes).containsExactly("STORED 0 REFUSED [0, 1, 2] AT 0");
    assertThat(batch.rejected()).containsExactly(refused);
  }

  private static List<AppendOutcome.Durable> durable(FlushWork work, String position) {
    return work.outcomes(position).stream().map(AppendOutcome.Durable.class::cast).toList();
  }

  @Test
  void repeat_ofARequestWithoutAStoredResult_isToldThatAllItsEventsWereStored() {
    PendingAppend repeat =
        new PendingAppend(
            new Producer("p", 0, 3),
            new AcceptedBatch(
                TestBlocks.of(List.of(event(0, "s", "", 0), event(2, "s", "", 0))),
                List.of(rejected(1)),
                0),
            outcome -> {});
    FlushWork work = new FlushWork(List.of(repeat));

    List<String> outcomes = decide(work, Map.of("p", new Position(0, 5)), Map.of());

    assertThat(outcomes).containsExactly("REPEATED 3 AT 5");
  }

  @Test
  void repeat_ofARequestWithAStoredResult_isToldThat() {
    FlushWork work =
        new FlushWork(List.of(request(new Producer("p", 0, 3), event(0, "s", "a", 1))));
    work.decidePositions(Map.of("p", new Position(0, 5)));
    assertThat(work.repeats()).containsExactly(new RequestKey("p", 3));

    work.recall(Map.of(new RequestKey("p", 3), new AppendResult(7, 2, 1, List.of(rejected(4)))));
    work.decideIds(Map.of(), FlushTexts.CLOCK);

    assertThat(work.outcomes("").stream().map(FlushTexts::text))
        .containsExactly("REPEATED 7 DROPPED 2 REFUSED [4] AT 5");
  }

  @Test
  void repeat_withinTheFlushOfItsOriginal_isToldTheSame() {
    TestEvent[] events = {event(0, "s", "a", 1), event(1, "s", "a", 1), event(2, "s", "a", 2)};
    FlushWork work =
        new FlushWork(
            List.of(
                request(new Producer("p", 0, 1), events),
                request(new Producer("p", 0, 1), events)));

    List<String> outcomes = decide(work, Map.of("p", new Position(0, 0)), Map.of());

    assertThat(outcomes)
        .containsExactly(
            "STORED 1 DROPPED 1 REFUSED [2] AT 1", "REPEATED 1 DROPPED 1 REFUSED [2] AT 1");
    assertThat(work.repeats()).isEmpty();
    assertThat(work.results()).containsOnlyKeys(new RequestKey("p", 1));
  }

  @Test
  void results_areOnlyThoseThatARepeatDoesNotTell() {
    FlushWork work =
        new FlushWork(
            List.of(
                request(new Producer("p", 0, 1), event(0, "s", "", 0)),
                request(new Producer("p", 0, 2), event(0, "s", "a", 1), event(1, "s", "a", 1)),
                request(new Producer("q", 3, 0)),
                request(new Producer("q", 3, 2), event(0, "s", "a", 1)),
                request(null, event(0, "s", "a", 1))));

    decide(work, Map.of("p", new Position(0, 0), "q", new Position(0, 0)), Map.of());

    assertThat(work.results())
        .isEqualTo(Map.of(new RequestKey("p", 2), new AppendResult(1, 1, 0, List.of())));
  }

  @Test
  void repeats_withMoreRejectionsThanMayBeToldAtOnce_areAskedToComeAgain_afterThoseBefore() {
    List<RejectedEvent> many = Collections.nCopies(10_000, rejected(0));
    FlushWork work =
        new FlushWork(
            List.of(
                request(new Producer("p", 0, 1), event(0, "s", "", 0)),
                request(new Producer("p", 0, 2), event(0, "s", "", 0)),
                request(new Producer("p", 0, 3), event(0, "s", "", 0)),
                request(new Producer("p", 0, 4), event(0, "s", "", 0))));
    work.decidePositions(Map.of("p", new Position(0, 5)));
    work.recall(
        Map.of(
            new RequestKey("p", 1), new AppendResult(0, 0, 10_000, many),
            new RequestKey("p", 2), new AppendResult(0, 0, 10_000, many),
            // Its rejections were not read: they would have been too many.
            new RequestKey("p", 3), new AppendResult(0, 0, 1, List.of())));
    work.decideIds(Map.of(), FlushTexts.CLOCK);

    List<AppendOutcome> outcomes = work.outcomes("");

    assertThat(outcomes.subList(0, 2)).allMatch(AppendOutcome.Durable.class::isInstance);
    assertThat(outcomes.get(2)).extracting(FlushTexts::text).asString().startsWith("OVERLOADED");
    assertThat(((AppendOutcome.Failed) outcomes.get(2)).failure().retryAfter()).isNotNull();
  }

  @Test
  void position_coversWhatIsAcknowledged() {
    TestEvent event = event(0, "s", "", 0);
    TestEvent known = event(0, "s", "known", 1);
    FlushWork work =
        new FlushWork(
            List.of(
                request(new Producer("moved", 0, 6), event),
                request(new Producer("moved", 0, 2), event),
                request(new Producer("still", 0, 5), event),
                request(new Producer("still", 0, 0)),
                request(new Producer("fresh", 0, 0)),
                request(new Producer("dropped", 0, 1), known),
                request(null, known),
                request(null, event)));
    work.decidePositions(
        Map.of(
            "moved", new Position(0, 5, 70),
            "still", new Position(0, 5, 80),
            "fresh", new Position(0, 0, 0),
            "dropped", new Position(0, 0, 0)));
    work.decideIds(Map.of(new EventKey("s", "known"), 1L), FlushTexts.CLOCK);

    assertThat(durable(work, "90").stream().map(AppendOutcome.Durable::position))
        .containsExactly("90", "90", "80", "80", "", "90", "", "90");
  }

  @Test
  void rejections_beyondAThousand_haveNoMessage() {
    List<RejectedEvent> many = new ArrayList<>();
    for (int i = 9_999; i >= 0; i--) {
      many.add(rejected(i));
    }

    AppendResult result = AppendResult.of(0, 0, many);

    assertThat(result.rejections()).hasSize(10_000).isSortedAccordingTo(BY_INDEX);
    assertThat(result.rejections().subList(0, 1_000)).noneMatch(r -> r.message().isEmpty());
    assertThat(result.rejections().subList(1_000, 10_000)).allMatch(r -> r.message().isEmpty());
    assertThat(result.isWhole()).isTrue();
  }

  @Test
  void watermarks_areTheLatestOfTheRequestsThatAreStored() {
    FlushWork work =
        new FlushWork(
            List.of(
                declaring("p", 1, new SourceWatermark("a", 5), new SourceWatermark("a", 3)),
                declaring("p", 2, new SourceWatermark("a", 4), new SourceWatermark("b", 9)),
                declaring("p", 2, new SourceWatermark("b", 20)),
                declaring("p", 4, new SourceWatermark("b", 30)),
                declaring("q", 1, new SourceWatermark("b", 1))));

    List<String> outcomes =
        decide(work, Map.of("p", new Position(0, 0), "q", new Position(0, 0)), Map.of());

    assertThat(outcomes)
        .containsExactly(
            "STORED 0 AT 1", "STORED 0 AT 2", "REPEATED 0 AT 2", "SEQUENCE_GAP 3", "STORED 0 AT 1");
    assertThat(work.watermarks())
        .isEqualTo(
            Map.of(
                new WatermarkKey("a", "p"), 5L,
                new WatermarkKey("b", "p"), 9L,
                new WatermarkKey("b", "q"), 1L));
    assertThat(work.writes()).isTrue();
  }
}
