package dev.windrow.ingest.flush;

import static dev.windrow.ingest.flush.FlushTexts.allOrNothing;
import static dev.windrow.ingest.flush.FlushTexts.decide;
import static dev.windrow.ingest.flush.FlushTexts.event;
import static dev.windrow.ingest.flush.FlushTexts.rejected;
import static dev.windrow.ingest.flush.FlushTexts.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Requests that want all or nothing, in a flush with others. */
class FlushAllOrNothingTest {
  @Test
  void withABadEvent_failsWhereItWouldBeStored_andLeavesItsPosition() {
    FlushWork work =
        new FlushWork(
            List.of(
                allOrNothing(new Producer("p", 0, 5), List.of(rejected(3)), event(0, "s", "", 0)),
                allOrNothing(new Producer("p", 7, 6), List.of(rejected(3)), event(0, "s", "a", 0)),
                allOrNothing(new Producer("p", 0, 8), List.of(rejected(3)), event(0, "s", "", 0)),
                request(new Producer("p", 0, 7), event(0, "s", "", 0)),
                allOrNothing(null, List.of(rejected(1), rejected(2)), event(0, "s", "", 0)),
                request(new Producer("p", 0, 6), event(0, "s", "", 0))));

    List<String> outcomes = decide(work, Map.of("p", new Position(0, 5)), Map.of());

    assertThat(outcomes)
        .containsExactly(
            "REPEATED 2 AT 5",
            "BATCH_REJECTED 1",
            "SEQUENCE_GAP 6",
            "SEQUENCE_GAP 6",
            "BATCH_REJECTED 2",
            "STORED 1 AT 6");
    assertThat(work.ids()).isEmpty();
    assertThat(work.mustStartAgain()).isFalse();
    assertThat(work.advanced()).containsOnly(Map.entry("p", new Position(0, 6)));
    assertThat(work.stored()).isEqualTo(1);
  }

  @Test
  void withDuplicates_isStored() {
    FlushWork work =
        new FlushWork(
            List.of(allOrNothing(null, List.of(), event(0, "s", "a", 1), event(1, "s", "b", 1))));

    List<String> outcomes = decide(work, Map.of(), Map.of(new EventKey("s", "a"), 1L));

    assertThat(outcomes).containsExactly("STORED 1 DROPPED 1 AT 0");
    assertThat(work.mustStartAgain()).isFalse();
  }

  @Test
  void againstAStoredId_makesTheFlushStartAgainWithoutIt() {
    PendingAppend refused =
        allOrNothing(
            new Producer("p", 0, 1), List.of(), event(0, "s", "a", 1), event(1, "s", "b", 1));
    List<PendingAppend> requests =
        List.of(refused, request(new Producer("p", 0, 2), event(0, "s", "a", 2)));
    FlushTry first = FlushTry.first(requests);
    Map<String, Position> ledger = Map.of("p", new Position(0, 0));
    FlushWork work = first.work();
    decide(work, ledger, Map.of(new EventKey("s", "b"), 2L));
    assertThat(work.mustStartAgain()).isTrue();
    assertThat(work.refusals()).containsOnlyKeys(refused);

    FlushWork again = first.nextWithout(work.refusals()).work();
    List<String> outcomes = decide(again, ledger, Map.of());

    assertThat(outcomes).containsExactly("BATCH_REJECTED 1", "SEQUENCE_GAP 1");
    assertThat(again.mustStartAgain()).isFalse();
    assertThat(again.ids()).isEmpty();
    assertThat(again.writes()).isFalse();
    var failure = ((AppendOutcome.Failed) again.outcomes("").get(0)).failure();
    assertThat(failure.violations().get(0).field()).isEqualTo("events[1].event_id");
  }

  @Test
  void thatContradictsItself_isRefused() {
    PendingAppend refused =
        allOrNothing(null, List.of(), event(0, "s", "a", 1), event(1, "s", "a", 2));
    FlushWork work = new FlushWork(List.of(request(null, event(0, "s", "b", 1)), refused));

    decide(work, Map.of(), Map.of());

    assertThat(work.refusals()).containsOnlyKeys(refused);
  }

  @Test
  void againstARequestOfTheSameFlush_isNotRefusedYet() {
    FlushWork work =
        new FlushWork(
            List.of(
                request(null, event(0, "s", "a", 1)),
                // Twice the same is no contradiction.
                allOrNothing(null, List.of(), event(0, "s", "a", 2), event(1, "s", "a", 2))));

    decide(work, Map.of(), Map.of());

    assertThat(work.mustStartAgain()).isTrue();
    assertThat(work.refusals()).isEmpty();
  }
}
