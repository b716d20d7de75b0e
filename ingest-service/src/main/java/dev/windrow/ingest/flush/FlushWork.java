package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import dev.windrow.rollup.Arrivals;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
 *
 * <p>A request that wants all or nothing and has a bad event fails where it would have been stored:
 * it takes no position, and what comes behind it is decided as if it had not come. That an id is
 * taken by other content is only known when ids have been claimed and positions given, so such a
 * request makes the whole flush start again without it ({@link #mustStartAgain}).
 */
final class FlushWork {
  /** Rejections that the repeats of one flush are told; a single one has at most 10,000. */
  static final int MAX_RECALLED = 20_000;

  private static final Duration RETRY_AFTER = Duration.ofMillis(500);

  private final List<FlushItem> items = new ArrayList<>();
  private final Map<String, Position> advanced = new LinkedHashMap<>();
  private final Map<RequestKey, FlushItem> originals = new HashMap<>();
  private final IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals =
      new IdentityHashMap<>();
  private final BitSet dropped = new BitSet();
  private Map<String, Position> ledger = Map.of();
  private Map<RequestKey, AppendResult> recalled = Map.of();
  private int rows;
  private int duplicates;
  private int rejected;
  private boolean entangled;
  private final ArrivalCounts arrivals = new ArrivalCounts();

  FlushWork(List<PendingAppend> requests) {
    this(requests, new IdentityHashMap<>());
  }

  /**
   * @param known what tries before have found wrong with requests that want all or nothing
   */
  FlushWork(
      List<PendingAppend> requests, IdentityHashMap<PendingAppend, List<RejectedEvent>> known) {
    for (PendingAppend request : requests) {
      items.add(new FlushItem(request, rows, known.getOrDefault(request, List.of())));
      rows += request.batch().accepted().size();
    }
  }

  /** The events of all requests; those of {@link #dropped} are not to be stored. */
  List<EventBlock> blocks() {
    return items.stream().map(FlushItem::events).toList();
  }

  /** The UTC days of refused events whose times are taken, as {@link Registry#day} counts. */
  Set<Long> refusedDays() {
    Set<Long> days = new HashSet<>();
    for (FlushItem item : items) {
      if (item.isRefused()) {
        continue;
      }
      for (RejectedEvent event : item.request.batch().rejected()) {
        if (event.isOfOurTime()) {
          days.add(Registry.day(event.occurredAtMicros()));
        }
      }
    }
    return days;
  }

  Set<String> producers() {
    Set<String> producers = new HashSet<>();
    for (FlushItem item : items) {
      Producer producer = item.request.producer();
      if (producer != null) {
        producers.add(producer.id());
      }
    }
    return producers;
  }

  /**
   * @param locked the locked positions of all {@link #producers}
   */
  void decidePositions(Map<String, Position> locked) {
    ledger = locked;
    Map<String, Position> positions = new HashMap<>(locked);
    for (FlushItem item : items) {
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
                  if (!next.equals(locked.get(producer.id()))) {
                    advanced.put(producer.id(), next);
                  }
                });
      } else if (item.isRefused()) {
        item.refuse();
      }
    }
  }

  private Optional<Position> decide(FlushItem item, Producer producer, Position now) {
    item.durableSequence = now.lastSequence();
    if (producer.epoch() < now.epoch()) {
      item.failure = PositionFailures.fenced(producer, now);
      return Optional.empty();
    }
    if (producer.isClaim()) {
      return Optional.of(now.at(producer.epoch(), now.lastSequence()));
    }
    if (producer.sequence() <= now.lastSequence()) {
      item.duplicateRequest = true;
      item.original = originals.get(key(producer));
      return Optional.of(now.at(producer.epoch(), now.lastSequence()));
    }
    if (producer.sequence() > now.lastSequence() + 1) {
      item.failure = PositionFailures.gap(producer, now);
      return Optional.empty();
    }
    if (item.isRefused()) {
      item.refuse();
      return Optional.empty();
    }
    item.durableSequence = producer.sequence();
    originals.put(key(producer), item);
    return Optional.of(now.at(producer.epoch(), producer.sequence()));
  }

  /** The requests that earlier flushes have stored, in order. */
  Set<RequestKey> repeats() {
    Set<RequestKey> repeats = new LinkedHashSet<>();
    for (FlushItem item : items) {
      Producer producer = item.request.producer();
      if (producer != null && item.duplicateRequest && item.original == null) {
        repeats.add(key(producer));
      }
    }
    return repeats;
  }

  /**
   * @param results that were stored of the {@link #repeats}
   */
  void recall(Map<RequestKey, AppendResult> results) {
    recalled = results;
  }

  /** The ids of the events that are to be stored, each with the hash of its first bearer. */
  SortedMap<EventKey, Long> ids() {
    SortedMap<EventKey, Long> ids = new TreeMap<>();
    for (FlushItem item : items) {
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
    for (FlushItem item : items) {
      int events = item.events().size();
      if (!item.stores()) {
        dropped.set(item.firstRow, item.firstRow + events);
        continue;
      }
      item.stored = events;
      boolean certain = false;
      for (IdentifiedEvent event : item.events().identified()) {
        Long before = seen.putIfAbsent(key(event), event.contentHash());
        if (before != null) {
          dropped.set(item.firstRow + event.position());
          item.stored--;
          if (before == event.contentHash()) {
            item.duplicates++;
            arrivals.add(Arrivals.Kind.DUPLICATE, item.occurredAtMicros(event.position()));
          } else {
            reject(item, event, clock);
            // To look back costs, and matters only to a request that wants all or nothing.
            certain |=
                item.request.allOrNothing()
                    && (certain || stored.containsKey(key(event)) || item.contradicts(event));
          }
        }
      }
      if (item.isRefused()) {
        startAgain(item, certain);
      }
      item.rejected.forEach(arrivals::add);
      duplicates += item.duplicates;
      rejected += item.rejected.size();
    }
  }

  // Whether another request of this flush is stored may look different next time; what is stored
  // already, and what the request itself holds, stays.
  private void startAgain(FlushItem item, boolean certain) {
    if (certain) {
      refusals.put(item.request, List.copyOf(item.rejected));
    } else {
      entangled = true;
    }
  }

  /** Whether nothing of this may be written, because a request wants all or nothing. */
  boolean mustStartAgain() {
    return entangled || !refusals.isEmpty();
  }

  /**
   * The requests that can only fail, with their reasons. If there are none, a request stands
   * against another of the same flush, and the two must be flushed one after the other.
   */
  IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals() {
    return refusals;
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
    return stored() > 0 || !advanced.isEmpty() || !arrivals.isEmpty();
  }

  /** What did not arrive as it should, of the requests that are stored. */
  ArrivalCounts arrivals() {
    return arrivals;
  }

  /**
   * @param span of the events that are stored; null if there are none
   */
  RecordBatch.Lineage lineage(BeginBatch.Stamp stamp, int lane, @Nullable TimeRange span) {
    return new RecordBatch.Lineage(
        stamp.batchId(), stamp.at(), lane, items.size(), stored(), duplicates, rejected, span);
  }

  /** The results that nobody could tell from a repeat alone. */
  Map<RequestKey, AppendResult> results() {
    Map<RequestKey, AppendResult> results = new LinkedHashMap<>();
    originals.forEach(
        (request, item) -> {
          if (!item.result().isTrivial()) {
            results.put(request, item.result());
          }
        });
    return results;
  }

  /** The latest watermark of each source that the stored requests declare. */
  Map<WatermarkKey, Long> watermarks() {
    Map<WatermarkKey, Long> watermarks = new LinkedHashMap<>();
    originals.forEach(
        (request, item) ->
            item.request
                .watermarks()
                .forEach(
                    watermark ->
                        watermarks.merge(
                            new WatermarkKey(watermark.source(), request.producerId()),
                            watermark.completeUntilMicros(),
                            Math::max)));
    return watermarks;
  }

  /**
   * What each request is told after the commit, in order.
   *
   * @param position of the commit; empty if there was nothing to commit
   */
  List<AppendOutcome> outcomes(String position) {
    List<AppendOutcome> outcomes = new ArrayList<>(items.size());
    int told = 0;
    for (FlushItem item : items) {
      if (item.failure != null) {
        outcomes.add(new AppendOutcome.Failed(item.failure));
        continue;
      }
      AppendResult result = item.duplicateRequest ? original(item) : item.result();
      // Only a repeat that brings rejections back can be too much; whatever was stored is told so.
      int recalled = item.duplicateRequest ? result.rejectedCount() : 0;
      told += recalled;
      outcomes.add(
          result.isWhole() && (recalled == 0 || told <= MAX_RECALLED)
              ? outcome(item, result, position)
              : new AppendOutcome.Failed(tooMuchToRecall()));
    }
    return outcomes;
  }

  private AppendResult original(FlushItem item) {
    Producer producer = item.request.producer();
    AppendResult known =
        item.original != null
            ? item.original.result()
            : producer == null ? null : recalled.get(key(producer));
    // The same whether or not the original was in this flush.
    return known == null || known.isTrivial() ? AppendResult.trivial(item.request.events()) : known;
  }

  private AppendOutcome outcome(FlushItem item, AppendResult result, String position) {
    return new AppendOutcome.Durable(
        result.stored(),
        result.duplicates(),
        result.rejections(),
        item.duplicateRequest,
        item.durableSequence,
        position(item, position));
  }

  private String position(FlushItem item, String position) {
    Producer producer = item.request.producer();
    if (producer == null) {
      return item.stored == 0 ? "" : position;
    }
    if (advanced.containsKey(producer.id())) {
      return position;
    }
    Position before = ledger.get(producer.id());
    return before == null || before.lastBatch() == 0 ? "" : Long.toString(before.lastBatch());
  }

  private static void reject(FlushItem item, IdentifiedEvent event, Clock clock) {
    item.rejected.add(
        new RejectedEvent(
            item.events().index(event.position()),
            RejectedEvent.Reason.PAYLOAD_MISMATCH,
            "event_id",
            "event_id: was stored before with other content, got " + event.eventId(),
            clock.instant(),
            item.occurredAtMicros(event.position())));
  }

  private static EventKey key(IdentifiedEvent event) {
    return new EventKey(event.source(), event.eventId());
  }

  private static RequestKey key(Producer producer) {
    return new RequestKey(producer.id(), producer.sequence());
  }

  // A repeat is small and its answer may be large: many at once must not fill the memory.
  private static Failure tooMuchToRecall() {
    return Failure.retryable(
        Status.Code.RESOURCE_EXHAUSTED,
        "OVERLOADED",
        "too many repeats with long results at once",
        RETRY_AFTER);
  }
}
