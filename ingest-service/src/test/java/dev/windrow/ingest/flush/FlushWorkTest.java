package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.accept.TestBlocks.TestEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlushWorkTest {
  private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  private static TestEvent event(int index, String source, String id, long hash) {
    return new TestEvent(index, 1000L * index, source, id, hash);
  }

  private static PendingAppend request(@Nullable Producer producer, TestEvent... events) {
    return new PendingAppend(
        producer,
        new AcceptedBatch(TestBlocks.of(Arrays.asList(events)), List.of(), 0),
        outcome -> {});
  }

  /** What each request is told, as text: see {@link #text}. */
  private static List<String> decide(
      FlushWork work, Map<String, Position> ledger, Map<EventKey, Long> stored) {
    work.decidePositions(ledger);
    work.decideIds(stored, CLOCK);
    return work.outcomes("pos").stream().map(FlushWorkTest::text).toList();
  }

  private static String text(AppendOutcome outcome) {
    if (outcome instanceof AppendOutcome.Failed failed) {
      var metadata = failed.failure().metadata();
      return failed.failure().reason()
          + " "
          + metadata.getOrDefault("expected_sequence", metadata.get("current_epoch"));
    }
    AppendOutcome.Durable durable = (AppendOutcome.Durable) outcome;
    return (durable.duplicateRequest() ? "REPEAT" : "STORED " + durable.storedCount())
        + (durable.duplicateCount() == 0 ? "" : " DROPPED " + durable.duplicateCount())
        + (durable.rejected().isEmpty()
            ? ""
            : " REFUSED " + durable.rejected().stream().map(RejectedEvent::index).toList())
        + " AT "
        + durable.durableSequence();
  }

  @ParameterizedTest
  @CsvSource({
    // The ledger; the request's epoch and sequence; what it is told; the position afterwards.
    "0, 0, 0, 1, STORED 1 AT 1, 0, 1",
    "0, 0, 0, 2, SEQUENCE_GAP 1, 0, 0",
    "0, 0, 0, 0, STORED 0 AT 0, 0, 0",
    "0, 0, 7, 0, STORED 0 AT 0, 7, 0",
    "0, 5, 0, 6, STORED 1 AT 6, 0, 6",
    "0, 5, 0, 5, REPEAT AT 5, 0, 5",
    "0, 5, 0, 1, REPEAT AT 5, 0, 5",
    "0, 5, 0, 7, SEQUENCE_GAP 6, 0, 5",
    "0, 5, 0, 0, STORED 0 AT 5, 0, 5",
    "3, 5, 2, 6, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 2, 5, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 2, 9, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 2, 0, PRODUCER_FENCED 3, 3, 5",
    "3, 5, 3, 6, STORED 1 AT 6, 3, 6",
    "3, 5, 4, 6, STORED 1 AT 6, 4, 6",
    "3, 5, 4, 1, REPEAT AT 5, 4, 5",
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
            "REPEAT AT 2",
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
    assertThat(work.lineage(7, 3, null)).isEqualTo(new RecordBatch.Lineage(7, 3, 3, 4, 2, 1, null));
  }

  @Test
  void decideIds_ofStoredIds_dropsOrRefuses() {
    FlushWork work =
        new FlushWork(List.of(request(null, event(0, "s", "a", 1), event(1, "s", "b", 1))));

    List<String> outcomes =
        decide(work, Map.of(), Map.of(new EventKey("s", "a"), 1L, new EventKey("s", "b"), 2L));

    assertThat(outcomes).containsExactly("STORED 0 DROPPED 1 REFUSED [1] AT 0");
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

  // Every request in a world of its own, one after the other: what flushes must agree with.
  private static final class Model {
    private final Map<String, Position> ledger = new TreeMap<>();
    private final Map<EventKey, Long> ids = new HashMap<>();
    private int stored;

    String tell(PendingAppend request) {
      Producer producer = request.producer();
      long sequence = 0;
      if (producer != null) {
        Position at = ledger.getOrDefault(producer.id(), new Position(0, 0));
        if (producer.epoch() < at.epoch()) {
          return "PRODUCER_FENCED " + at.epoch();
        }
        if (producer.sequence() > at.lastSequence() + 1) {
          return "SEQUENCE_GAP " + (at.lastSequence() + 1);
        }
        sequence = Math.max(at.lastSequence(), producer.sequence());
        ledger.put(producer.id(), new Position(producer.epoch(), sequence));
        if (!producer.isClaim() && producer.sequence() <= at.lastSequence()) {
          return "REPEAT AT " + sequence;
        }
      }
      return events(request) + " AT " + sequence;
    }

    private String events(PendingAppend request) {
      int fresh = 0;
      int dropped = 0;
      List<Integer> refused = new ArrayList<>();
      EventBlock block = request.batch().accepted();
      Map<Integer, IdentifiedEvent> identified =
          block.identified().stream()
              .collect(Collectors.toMap(IdentifiedEvent::position, event -> event));
      for (int i = 0; i < block.size(); i++) {
        IdentifiedEvent event = identified.get(i);
        Long before =
            event == null
                ? null
                : ids.putIfAbsent(
                    new EventKey(event.source(), event.eventId()), event.contentHash());
        if (before == null) {
          fresh++;
        } else if (event != null && before == event.contentHash()) {
          dropped++;
        } else {
          refused.add(block.index(i));
        }
      }
      stored += fresh;
      return "STORED "
          + fresh
          + (dropped == 0 ? "" : " DROPPED " + dropped)
          + (refused.isEmpty() ? "" : " REFUSED " + refused);
    }
  }

  @Test
  void flushes_ofRandomRequests_decideAsIfEachHadComeAlone() {
    for (int round = 0; round < 200; round++) {
      long seed = System.nanoTime();
      agree(seed);
    }
  }

  private static void agree(long seed) {
    Random random = new Random(seed);
    Model model = new Model();
    Map<String, Position> ledger = new TreeMap<>();
    Map<EventKey, Long> ids = new HashMap<>();
    for (String producer : List.of("p0", "p1", "p2", "p3", "p4")) {
      model.ledger.put(producer, new Position(0, 0));
      ledger.put(producer, new Position(0, 0));
    }
    int stored = 0;
    for (int flush = 0; flush < 20; flush++) {
      List<PendingAppend> requests = requests(random, ledger);
      FlushWork work = new FlushWork(requests);
      work.decidePositions(locked(work, ledger));
      Map<EventKey, Long> known = new HashMap<>();
      work.ids()
          .forEach(
              (key, hash) -> {
                Long before = ids.putIfAbsent(key, hash);
                if (before != null) {
                  known.put(key, before);
                }
              });
      work.decideIds(known, CLOCK);
      ledger.putAll(work.advanced());
      stored += work.stored();

      List<String> told = work.outcomes("pos").stream().map(FlushWorkTest::text).toList();

      assertThat(told)
          .as("seed %d, flush %d", seed, flush)
          .isEqualTo(requests.stream().map(model::tell).toList());
      assertThat(ledger).as("seed %d, flush %d", seed, flush).isEqualTo(model.ledger);
      assertThat(ids).as("seed %d, flush %d", seed, flush).isEqualTo(model.ids);
      assertThat(stored).as("seed %d, flush %d", seed, flush).isEqualTo(model.stored);
    }
  }

  /** Only the ledgers that the flush asked for. */
  private static Map<String, Position> locked(FlushWork work, Map<String, Position> ledger) {
    Map<String, Position> locked = new HashMap<>(ledger);
    locked.keySet().retainAll(work.producers());
    return locked;
  }

  private static List<PendingAppend> requests(Random random, Map<String, Position> ledger) {
    Map<String, Position> sent = new HashMap<>(ledger);
    List<PendingAppend> requests = new ArrayList<>();
    for (int count = 1 + random.nextInt(20); count > 0; count--) {
      Producer producer = random.nextInt(5) == 0 ? null : producer(random, sent);
      boolean claim = producer != null && producer.isClaim();
      requests.add(request(producer, claim ? new TestEvent[0] : events(random)));
    }
    return requests;
  }

  /** Mostly the next sequence; at times a repeat, a gap, a claim, an older or a newer epoch. */
  private static Producer producer(Random random, Map<String, Position> sent) {
    String id = "p" + random.nextInt(5);
    Position at = sent.getOrDefault(id, new Position(0, 0));
    long epoch = Math.max(0, at.epoch() + List.of(0, 0, 0, 0, 0, 0, 1, -1).get(random.nextInt(8)));
    long next = at.lastSequence() + 1;
    long sequence =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> 1 + random.nextInt((int) next);
          case 2 -> next + 1 + random.nextInt(3);
          default -> next;
        };
    if (sequence == next && epoch >= at.epoch()) {
      sent.put(id, new Position(epoch, next));
    }
    return new Producer(id, epoch, sequence);
  }

  private static TestEvent[] events(Random random) {
    TestEvent[] events = new TestEvent[1 + random.nextInt(6)];
    for (int i = 0; i < events.length; i++) {
      String id = random.nextInt(3) == 0 ? "" : "i" + random.nextInt(60);
      events[i] = event(i, "s" + random.nextInt(2), id, random.nextInt(4) == 0 ? 2 : 1);
    }
    return events;
  }
}
