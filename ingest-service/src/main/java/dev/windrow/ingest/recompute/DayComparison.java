package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.CompactionFold;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.Slot;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is stored of a rollup's day with what should be: first all deltas are added, then
 * the buckets, each of which is compared as it comes and not kept. For one thread.
 *
 * <p>Aggregates are compared, not bytes: every part of an aggregate, sketches included, is a pure
 * function of the events, whatever it was merged from, so that equal events have equal aggregates.
 */
final class DayComparison {
  private static final int FIRST = 100;

  private final RollupDefinition rollup;
  private final Set<Grain> grains;
  private final CoarseSpans spans;
  private final Map<Slot, Aggregate> expected;

  private final CompactionFold deltas;
  private @Nullable Map<Slot, Aggregate> spread;
  private final Set<Slot> seen = new HashSet<>();
  private final Map<Grain, Long> compared = new EnumMap<>(Grain.class);
  // The last one of the first ones at the head.
  private final PriorityQueue<Difference> first = new PriorityQueue<>(Difference.ORDER.reversed());
  private long differing;
  private long incomplete;
  private long storedDeltas;
  private long storedBuckets;

  DayComparison(DayScope scope, RollupDefinition rollup, Map<Slot, Aggregate> expected) {
    this.rollup = rollup;
    this.grains = scope.grains();
    this.spans = scope.spansOf(rollup);
    this.expected = expected;
    this.deltas = new CompactionFold(Map.of(rollup.id(), rollup));
  }

  void addDelta(StoredRow delta) {
    storedDeltas++;
    if (delta instanceof StoredRow.Sound sound) {
      try {
        deltas.addDelta(sound.row());
      } catch (IllegalStateException e) {
        differs(slot(sound.row()), List.of(unusable(String.valueOf(e.getMessage()))));
      }
    } else if (delta instanceof StoredRow.Broken broken) {
      differs(broken);
    }
  }

  void addBucket(StoredRow bucket) {
    storedBuckets++;
    if (bucket instanceof StoredRow.Sound sound) {
      Slot slot = slot(sound.row());
      Aggregate delta = spread().remove(slot);
      Aggregate stored = sound.row().aggregate();
      compare(slot, delta == null ? stored : delta.merge(stored));
    } else if (bucket instanceof StoredRow.Broken broken) {
      differs(broken);
    }
  }

  /** Compares what has no bucket, after the last one of these. */
  Findings end(long events, long unfoldedEvents) {
    Map<Slot, Aggregate> unmatched = spread();
    unmatched.forEach(this::compare);
    unmatched.clear();
    for (Slot slot : expected.keySet()) {
      if (!seen.contains(slot)) {
        compare(slot, null);
      }
    }
    return new Findings(
        events,
        unfoldedEvents,
        compared,
        differing,
        first.stream().sorted(Difference.ORDER).toList(),
        incomplete);
  }

  /** Rows that were added. */
  long storedDeltas() {
    return storedDeltas;
  }

  /** Rows that were added. */
  long storedBuckets() {
    return storedBuckets;
  }

  private Map<Slot, Aggregate> spread() {
    if (spread == null) {
      Map<Slot, Aggregate> all = new HashMap<>();
      for (Slot slot : deltas.slots()) {
        all.put(slot, deltas.take(slot).aggregate());
      }
      spread = all;
    }
    return spread;
  }

  private void compare(Slot slot, @Nullable Aggregate stored) {
    if (!grains.contains(slot.grain()) || isInCoarseSpan(slot)) {
      return;
    }
    compared.merge(slot.grain(), 1L, Long::sum);
    Aggregate should = expected.get(slot);
    if (should != null) {
      seen.add(slot);
    }
    if (stored != null && should != null) {
      List<Difference.Field> fields = AggregateFields.differences(stored, should);
      if (!fields.isEmpty()) {
        differs(slot, fields);
      }
      if (!stored.knowsSquares() || (rollup.keepsLatest() && stored.latest() == null)) {
        incomplete++;
      }
    } else {
      differs(slot, List.of(AggregateFields.row(stored, should)));
    }
  }

  // Finer buckets from before a span was declared may still be there. Nobody reads them.
  private boolean isInCoarseSpan(Slot slot) {
    return rollup.grains().contains(slot.grain()) && !spans.keeps(slot.grain(), slot.startMicros());
  }

  private void differs(Slot slot, List<Difference.Field> fields) {
    differs(
        new Difference(
            slot.grain().sqlName(),
            Instant.EPOCH.plus(slot.startMicros(), ChronoUnit.MICROS),
            slot.key().values(),
            fields));
  }

  private void differs(StoredRow.Broken row) {
    differs(
        new Difference(
            grainName(row.grain()),
            row.start(),
            List.of(row.key()),
            List.of(unusable(row.problem()))));
  }

  private void differs(Difference difference) {
    differing++;
    first.add(difference);
    if (first.size() > FIRST) {
      first.poll();
    }
  }

  private static Difference.Field unusable(String problem) {
    return new Difference.Field("row", "cannot be read: " + problem, "can be read");
  }

  private static String grainName(short code) {
    for (Grain grain : Grain.values()) {
      if (grain.code() == code) {
        return grain.sqlName();
      }
    }
    return Short.toString(code);
  }

  private static Slot slot(AggregateRow row) {
    return new Slot(row.rollupId(), row.grain(), row.startMicros(), row.key());
  }
}
