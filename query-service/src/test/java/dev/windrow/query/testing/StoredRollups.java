package dev.windrow.query.testing;

import dev.windrow.rollup.AggregateAccumulator;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.RollupKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What flushes, folding and compaction make of events in the tables of the rollups, in memory: the
 * rules of the store, written down once more and as plainly as possible.
 */
public final class StoredRollups {
  /** A row of {@code coarse_spans}. */
  public record Span(int rollupId, Grain grain, long startMicros) {}

  /** A row of {@code unfolded_batches}, with the events that it stands for. */
  public record Note(int rollupId, long batchId, List<TestEvent> events) {}

  private record Slot(int rollupId, Grain grain, long startMicros, RollupKey key) {}

  private final List<RollupDefinition> rollups;
  private final Set<Span> spans = new LinkedHashSet<>();
  private final List<Note> notes = new ArrayList<>();
  private final List<AggregateRow> deltas = new ArrayList<>();
  private final Map<Slot, AggregateAccumulator> buckets = new HashMap<>();

  public StoredRollups(List<RollupDefinition> rollups) {
    this.rollups = List.copyOf(rollups);
  }

  public List<RollupDefinition> rollups() {
    return rollups;
  }

  /** A batch becomes the delta of every rollup: as rows or, where {@code unfolded}, as a note. */
  public void flush(long batchId, List<TestEvent> events, Predicate<RollupDefinition> unfolded) {
    for (RollupDefinition rollup : rollups) {
      if (unfolded.test(rollup)) {
        notes.add(new Note(rollup.id(), batchId, List.copyOf(events)));
      } else {
        addDeltas(rollup, Batched.of(batchId, events));
      }
    }
  }

  /** Delta rows take the place of notes. */
  public void fold(Predicate<Note> which) {
    for (Note note : taken(notes, which)) {
      rollups.stream()
          .filter(rollup -> rollup.id() == note.rollupId())
          .forEach(rollup -> addDeltas(rollup, Batched.of(note.batchId(), note.events())));
    }
  }

  /**
   * From now on the rollup has no finer buckets in this span; those it had are left as they are.
   */
  public void addSpan(RollupDefinition rollup, Grain grain, long startMicros) {
    if (!rollup.grains().contains(grain) || grain == rollup.finest()) {
      throw new IllegalArgumentException("span: has nothing to leave out, got " + grain);
    }
    spans.add(new Span(rollup.id(), grain, startMicros));
  }

  /** Delta rows become part of their bucket of every grain that is not finer than they. */
  public void compact(Predicate<AggregateRow> which) {
    for (AggregateRow delta : taken(deltas, which)) {
      rollups.stream()
          .filter(rollup -> rollup.id() == delta.rollupId())
          .flatMap(rollup -> rollup.grains().stream())
          .filter(grain -> grain.compareTo(delta.grain()) >= 0)
          .map(grain -> slot(delta, grain))
          .forEach(slot -> bucket(slot).merge(delta.aggregate()));
    }
  }

  public Set<Span> spans() {
    return Set.copyOf(spans);
  }

  public List<Note> notes() {
    return List.copyOf(notes);
  }

  public List<AggregateRow> deltas() {
    return List.copyOf(deltas);
  }

  public List<AggregateRow> buckets() {
    List<AggregateRow> rows = new ArrayList<>();
    buckets.forEach(
        (slot, sum) ->
            rows.add(
                new AggregateRow(
                    slot.rollupId(),
                    slot.grain(),
                    slot.startMicros(),
                    slot.key(),
                    sum.toAggregate())));
    return rows;
  }

  // One by one: rows of different batches may be equal.
  private static <T> List<T> taken(List<T> rows, Predicate<T> which) {
    List<T> taken = new ArrayList<>();
    rows.removeIf(
        row -> {
          boolean take = which.test(row);
          if (take) {
            taken.add(row);
          }
          return take;
        });
    return taken;
  }

  private void addDeltas(RollupDefinition rollup, List<Batched> events) {
    events.stream()
        .collect(Collectors.groupingBy(event -> kept(rollup, event.occurredAtMicros())))
        .forEach((grain, some) -> deltas.addAll(folded(rollup, grain, some)));
  }

  /** The finest grain that is kept there. */
  private Grain kept(RollupDefinition rollup, long micros) {
    Grain kept = rollup.finest();
    for (Grain grain : rollup.grains()) {
      if (spans.contains(new Span(rollup.id(), grain, grain.floor(micros)))) {
        kept = grain;
      }
    }
    return kept;
  }

  private static List<AggregateRow> folded(
      RollupDefinition rollup, Grain grain, List<Batched> events) {
    DeltaFold fold =
        new DeltaFold(
            List.of(
                new RollupDefinition(
                    rollup.id(), rollup.name(), rollup.dimensions(), EnumSet.of(grain))));
    events.forEach(fold::add);
    return fold.drain();
  }

  private static Slot slot(AggregateRow delta, Grain grain) {
    return new Slot(delta.rollupId(), grain, grain.floor(delta.startMicros()), delta.key());
  }

  private AggregateAccumulator bucket(Slot slot) {
    return buckets.computeIfAbsent(slot, s -> new AggregateAccumulator());
  }
}
