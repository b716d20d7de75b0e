package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.time.Clock;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides what of a list of requests is to be stored: first by position ({@link #decidePositions}),
 * then by id ({@link #decideIds}). Pure; used by one attempt to flush, one thread at a time.
 */
final class FlushWork {
  private final List<Item> items = new ArrayList<>();
  private final Map<String, Position> advanced = new LinkedHashMap<>();
  private final BitSet dropped = new BitSet();
  private int rows;
  private int duplicates;
  private int rejected;

  /** One request and what was decided of it. */
  private static final class Item {
    final PendingAppend request;
    // Of its events among the rows of the flush.
    final int firstRow;
    @Nullable Failure failure;
    boolean duplicateRequest;
    long durableSequence;
    int stored;
    int duplicates;
    final List<RejectedEvent> rejected;

    Item(PendingAppend request, int firstRow) {
      this.request = request;
      this.firstRow = firstRow;
      this.rejected = new ArrayList<>(request.batch().rejected());
    }

    EventBlock events() {
      return request.batch().accepted();
    }

    boolean stores() {
      return failure == null && !duplicateRequest;
    }
  }

  FlushWork(List<PendingAppend> requests) {
    for (PendingAppend request : requests) {
      items.add(new Item(request, rows));
      rows += request.batch().accepted().size();
    }
  }

  /** The events of all requests; those of {@link #dropped} are not to be stored. */
  List<EventBlock> blocks() {
    return items.stream().map(Item::events).toList();
  }

  Set<String> producers() {
    Set<String> producers = new HashSet<>();
    for (Item item : items) {
      Producer producer = item.request.producer();
      if (producer != null) {
        producers.add(producer.id());
      }
    }
    return producers;
  }

  /**
   * @param ledger the locked positions of all {@link #producers}
   */
  void decidePositions(Map<String, Position> ledger) {
    Map<String, Position> positions = new HashMap<>(ledger);
    for (Item item : items) {
      Producer producer = item.request.producer();
      if (producer != null) {
        Position now = positions.get(producer.id());
        if (now == null) {
          throw new IllegalStateException("no ledger of producer " + producer.id());
        }
        decide(item, producer, now)
            .ifPresent(
                next -> {
                  positions.put(producer.id(), next);
                  if (!next.equals(ledger.get(producer.id()))) {
                    advanced.put(producer.id(), next);
                  }
                });
      }
    }
  }

  private static Optional<Position> decide(Item item, Producer producer, Position now) {
    item.durableSequence = now.lastSequence();
    if (producer.epoch() < now.epoch()) {
      item.failure = fenced(producer, now);
      return Optional.empty();
    }
    if (producer.isClaim()) {
      return Optional.of(new Position(producer.epoch(), now.lastSequence()));
    }
    if (producer.sequence() <= now.lastSequence()) {
      item.duplicateRequest = true;
      return Optional.of(new Position(producer.epoch(), now.lastSequence()));
    }
    if (producer.sequence() > now.lastSequence() + 1) {
      item.failure = gap(producer, now);
      return Optional.empty();
    }
    item.durableSequence = producer.sequence();
    return Optional.of(new Position(producer.epoch(), producer.sequence()));
  }

  /** The ids of the events that are to be stored, each with the hash of its first bearer. */
  SortedMap<EventKey, Long> ids() {
    SortedMap<EventKey, Long> ids = new TreeMap<>();
    for (Item item : items) {
      if (item.stores()) {
        for (IdentifiedEvent event : item.events().identified()) {
          ids.putIfAbsent(key(event), event.contentHash());
        }
      }
    }
    return ids;
  }

  /**
   * @param stored hashes of the {@link #ids} that had been stored before
   */
  void decideIds(Map<EventKey, Long> stored, Clock clock) {
    Map<EventKey, Long> seen = new HashMap<>(stored);
    for (Item item : items) {
      int events = item.events().size();
      if (!item.stores()) {
        dropped.set(item.firstRow, item.firstRow + events);
        continue;
      }
      item.stored = events;
      for (IdentifiedEvent event : item.events().identified()) {
        Long before = seen.putIfAbsent(key(event), event.contentHash());
        if (before != null) {
          dropped.set(item.firstRow + event.position());
          item.stored--;
          if (before == event.contentHash()) {
            item.duplicates++;
          } else {
            reject(item, event, clock);
          }
        }
      }
      duplicates += item.duplicates;
      rejected += item.rejected.size();
    }
  }

  /** The rows that are not to be stored. */
  BitSet dropped() {
    return dropped;
  }

  /** How many events are to be stored. */
  int stored() {
    return rows - dropped.cardinality();
  }

  /** The positions that change. */
  Map<String, Position> advanced() {
    return advanced;
  }

  /** Whether there is anything to commit. */
  boolean writes() {
    return stored() > 0 || !advanced.isEmpty();
  }

  /**
   * @param span of the events that are stored; null if there are none
   */
  RecordBatch.Lineage lineage(long batchId, int lane, @Nullable TimeRange span) {
    return new RecordBatch.Lineage(
        batchId, lane, items.size(), stored(), duplicates, rejected, span);
  }

  /** After the commit: what each request is told, in order. */
  List<AppendOutcome> outcomes(String position) {
    List<AppendOutcome> outcomes = new ArrayList<>(items.size());
    for (Item item : items) {
      outcomes.add(outcome(item, position));
    }
    return outcomes;
  }

  private static AppendOutcome outcome(Item item, String position) {
    if (item.failure != null) {
      return new AppendOutcome.Failed(item.failure);
    }
    if (item.duplicateRequest) {
      return new AppendOutcome.Durable(0, 0, List.of(), true, item.durableSequence, "");
    }
    return new AppendOutcome.Durable(
        item.stored,
        item.duplicates,
        item.rejected.stream().sorted(Comparator.comparingInt(RejectedEvent::index)).toList(),
        false,
        item.durableSequence,
        item.stored == 0 ? "" : position);
  }

  private static void reject(Item item, IdentifiedEvent event, Clock clock) {
    item.rejected.add(
        new RejectedEvent(
            item.events().index(event.position()),
            RejectedEvent.Reason.PAYLOAD_MISMATCH,
            "event_id",
            "event_id: was stored before with other content, got " + event.eventId(),
            clock.instant()));
  }

  private static EventKey key(IdentifiedEvent event) {
    return new EventKey(event.source(), event.eventId());
  }

  private static Failure gap(Producer producer, Position now) {
    long expected = now.lastSequence() + 1;
    return Failure.of(
        Status.Code.OUT_OF_RANGE,
        "SEQUENCE_GAP",
        "sequence: must be " + expected + ", got " + producer.sequence(),
        Map.of(
            "producer_id", producer.id(),
            "expected_sequence", Long.toString(expected),
            "sequence", Long.toString(producer.sequence())));
  }

  private static Failure fenced(Producer producer, Position now) {
    return Failure.of(
        Status.Code.ABORTED,
        "PRODUCER_FENCED",
        "producer_epoch: must be at least " + now.epoch() + ", got " + producer.epoch(),
        Map.of(
            "producer_id", producer.id(),
            "current_epoch", Long.toString(now.epoch()),
            "producer_epoch", Long.toString(producer.epoch())));
  }
}
