package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.unfolded.CarriedFold;
import dev.windrow.ingest.unfolded.Handover;
import dev.windrow.ingest.unfolded.UnfoldedBounds;
import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.CompactionFold;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.EventFacts;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LaneFoldTest {
  private static final long DAY = 18_000L * Grain.DAY.micros();
  private static final RollupDefinition BY_TYPE =
      new RollupDefinition(1, "type", List.of(Dimension.TYPE), EnumSet.allOf(Grain.class));
  private static final RollupDefinition BY_ENTITY =
      new RollupDefinition(
          2, "entity", List.of(Dimension.ENTITY_ID), EnumSet.of(Grain.HOUR, Grain.DAY));

  private static final List<Handover.Want> WANTS = List.of(Handover.Want.values());

  private long nanos;
  private Handover handover = new Handover();

  private record TestEvent(long occurredAtMicros, String entityId) implements EventFacts {
    @Override
    public long batchId() {
      return 0;
    }

    @Override
    public int batchIndex() {
      return 0;
    }

    @Override
    public String source() {
      return "s";
    }

    @Override
    public String type() {
      return "t";
    }

    @Override
    public String status() {
      return "";
    }

    @Override
    public boolean hasValue() {
      return false;
    }

    @Override
    public double value() {
      return 0;
    }

    @Override
    public long amount() {
      return 0;
    }

    @Override
    public String attribute(String name) {
      return "";
    }

    @Override
    public long entityHash() {
      return entityId.hashCode();
    }
  }

  /** The database as far as a fold knows it: what has committed. */
  private static final class Store {
    final Map<Long, Integer> batches = new HashMap<>();
    final Map<Integer, Long> deltas = new HashMap<>();
    final Map<Integer, Set<Long>> notes = new HashMap<>();

    void check(RollupDefinition rollup) {
      long unfolded =
          notes.getOrDefault(rollup.id(), Set.of()).stream().mapToLong(batches::get).sum();
      long all = batches.values().stream().mapToLong(Integer::longValue).sum();
      assertThat(deltas.getOrDefault(rollup.id(), 0L) + unfolded).as(rollup.name()).isEqualTo(all);
    }

    void commit(long batch, int events, List<AggregateRow> rows, LaneFold.Notes told) {
      if (events > 0) {
        batches.put(batch, events);
      }
      rows.forEach(row -> deltas.merge(row.rollupId(), row.aggregate().count(), Long::sum));
      told.note().forEach(id -> notes.computeIfAbsent(id, first -> new HashSet<>()).add(batch));
      told.takeBack()
          .forEach(
              (id, ids) -> {
                Set<Long> noted = notes.getOrDefault(id, Set.of());
                assertThat(noted).containsAll(ids);
                noted.removeAll(ids);
              });
    }
  }

  private LaneFold fold(int maxCarried) {
    LaneFold fold =
        new LaneFold(
            new UnfoldedBounds(maxCarried, Duration.ofSeconds(1)),
            EnumSet.allOf(Grain.class),
            handover.lane(),
            () -> nanos);
    fold.use(List.of(BY_TYPE, BY_ENTITY));
    return fold;
  }

  private static List<TestEvent> events(int count, int entities, Random random) {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(new TestEvent(DAY + random.nextInt(1_000_000), "e" + random.nextInt(entities)));
    }
    return events;
  }

  private static List<AggregateRow> flush(
      LaneFold fold, Store store, long batch, List<TestEvent> events) {
    List<AggregateRow> rows = new ArrayList<>();
    fold.begin(hours(events));
    events.forEach(fold::add);
    LaneFold.Notes notes = fold.end(false, rows::add);
    store.commit(batch, events.size(), rows, notes);
    fold.committed(batch);
    return rows;
  }

  private static void settle(LaneFold fold, Store store) {
    List<AggregateRow> rows = new ArrayList<>();
    LaneFold.Notes notes = fold.end(true, rows::add);
    store.commit(0, 0, rows, notes);
    fold.committed(0);
  }

  @Test
  void end_ofARollupThatFoldsBadly_notesTheBatchAndWritesItsRowsLater() {
    LaneFold fold = fold(100_000);
    Store store = new Store();
    Random random = new Random(1);

    flush(fold, store, 1, events(2_000, 100_000, random));
    List<AggregateRow> second = flush(fold, store, 2, events(2_000, 100_000, random));

    assertThat(second).extracting(AggregateRow::rollupId).containsOnly(BY_TYPE.id());
    assertThat(store.notes.get(BY_ENTITY.id())).containsExactly(2L);
    assertThat(fold.carries()).isTrue();
    assertThat(fold.overdue()).isFalse();
    nanos += Duration.ofSeconds(2).toNanos();
    assertThat(fold.overdue()).isTrue();
    settle(fold, store);
    assertThat(store.notes.get(BY_ENTITY.id())).isEmpty();
    assertThat(fold.carries()).isFalse();
    store.check(BY_TYPE);
    store.check(BY_ENTITY);
  }

  @Test
  void committed_withHalfOfTheRoomFilled_urgesTheCompactor() {
    LaneFold fold = fold(8_000);
    Store store = new Store();
    Random random = new Random(3);
    flush(fold, store, 1, events(1_500, 100_000, random));
    flush(fold, store, 2, events(1_500, 100_000, random));
    flush(fold, store, 3, events(1_500, 100_000, random));
    assertThat(handover.isUrgent()).isFalse();
    flush(fold, store, 4, events(1_500, 100_000, random));
    assertThat(handover.isUrgent()).isTrue();

    handover.want(Handover.Want.ANY);
    fold.handOver();
    assertThat(handover.isUrgent()).isTrue();
    List<Handover.Parcel> underWay = handover.take();
    assertThat(handover.isUrgent()).isFalse();

    // Of 8,000 events 4,500 are under way.
    flush(fold, store, 5, events(1_500, 100_000, random));
    assertThat(handover.isUrgent()).isFalse();
    flush(fold, store, 6, events(1_500, 100_000, random));
    assertThat(handover.isUrgent()).isTrue();

    underWay.forEach(Handover.Parcel::close);
    flush(fold, store, 7, events(100, 100_000, random));
    assertThat(handover.isUrgent()).isFalse();
  }

  @Test
  void end_beyondTheBound_writesWhatIsCarriedWithTheFlush() {
    LaneFold fold = fold(5_000);
    Store store = new Store();
    Random random = new Random(2);
    for (long batch = 1; batch <= 20; batch++) {
      flush(fold, store, batch, events(2_000, 3_000, random));
      store.check(BY_ENTITY);
      assertThat(store.notes.getOrDefault(BY_ENTITY.id(), Set.of()).size()).isLessThanOrEqualTo(3);
    }
    assertThat(store.deltas.get(BY_ENTITY.id())).isGreaterThan(20_000);
  }

  @Test
  void committed_whateverFails_deltasAndNotedBatchesAreAllEvents() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      handover = new Handover();
      LaneFold fold = fold(1 + random.nextInt(8_000));
      Store store = new Store();
      for (long batch = 1; batch <= 40; batch++) {
        nanos += random.nextInt(300_000_000);
        boolean bare = random.nextInt(5) == 0;
        List<TestEvent> events =
            bare ? List.of() : events(1 + random.nextInt(3_000), 1 + random.nextInt(5_000), random);
        List<AggregateRow> rows = new ArrayList<>();
        fold.begin(hours(events));
        events.forEach(fold::add);
        LaneFold.Notes notes = fold.end(random.nextInt(20) == 0, rows::add);
        int fate = random.nextInt(10);
        if (fate != 0) {
          store.commit(batch, events.size(), rows, notes);
        }
        // Its answer may be lost, too.
        if (fate <= 1) {
          fold.forget();
        } else {
          fold.committed(batch);
        }
        if (random.nextInt(3) == 0) {
          handover.want(WANTS.get(random.nextInt(3)));
        }
        fold.handOver();
        if (random.nextInt(3) == 0) {
          compact(store);
        }
        store.check(BY_TYPE);
        store.check(BY_ENTITY);
      }
    }
  }

  /** What the compactor does with what it was left. */
  private void compact(Store store) {
    for (Handover.Parcel parcel : handover.take()) {
      for (CarriedFold carried : parcel.folds()) {
        RollupDefinition rollup = carried.rows().rollup();
        CompactionFold fold = new CompactionFold(Map.of(rollup.id(), rollup));
        fold.add(carried.rows());
        List<AggregateRow> days =
            fold.slots().stream()
                .filter(slot -> slot.grain() == Grain.DAY)
                .map(fold::take)
                .toList();
        store.commit(
            0, 0, days, new LaneFold.Notes(List.of(), Map.of(rollup.id(), carried.batchIds())));
      }
      parcel.close();
    }
  }

  @Test
  void handOver_whatIsWanted_onceAtATime() {
    LaneFold fold = fold(10_000);
    Store store = new Store();
    Random random = new Random(4);
    flush(fold, store, 1, events(2_000, 100_000, random));
    assertThat(handover.isComplete()).as("the first flush carries nothing").isTrue();
    flush(fold, store, 2, events(2_000, 100_000, random));
    assertThat(handover.isComplete()).as("what is carried could be brought").isFalse();
    handover.want(Handover.Want.LATE);
    fold.handOver();
    assertThat(handover.isWaiting()).as("neither much nor old").isFalse();
    nanos += Duration.ofMillis(500).toNanos();
    handover.want(Handover.Want.HALF);
    fold.handOver();
    assertThat(handover.isWaiting()).as("old, but not much").isFalse();
    flush(fold, store, 3, events(3_000, 100_000, random));
    fold.handOver();
    assertThat(handover.isWaiting()).as("half of the bound").isTrue();
    assertThat(handover.isComplete()).isTrue();
    store.check(BY_ENTITY);

    flush(fold, store, 4, events(3_000, 100_000, random));
    fold.handOver();
    assertThat(fold.overdue()).isFalse();
    flush(fold, store, 5, events(3_000, 100_000, random));
    assertThat(fold.overdue()).as("with what is under way").isTrue();
    var room = fold.awaitRoom().toFuture();
    assertThat(room).isNotDone();
    List<Handover.Parcel> parcels = handover.take();
    assertThat(parcels).hasSize(1);
    assertThat(parcels.get(0).folds())
        .singleElement()
        .extracting(CarriedFold::batchIds)
        .isEqualTo(List.of(2L, 3L));
    parcels.get(0).close();
    assertThat(room).isCompleted();
    fold.handOver();
    assertThat(handover.take().get(0).folds().get(0).batchIds()).containsExactly(4L, 5L);
  }

  @Test
  void proposals_ofSparseHistory_areTheSpansItCovers() {
    LaneFold fold = fold(100_000);
    Store store = new Store();
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      // Six hours, 2,000 events each, over all minutes; about every event another entity.
      long at = DAY + i * (6 * Grain.HOUR.micros() / 12_000);
      events.add(new TestEvent(at, "e" + i % 9_000));
    }
    SortedMap<Long, HourLoad> hours = hours(events);
    assertThat(fold.proposals(hours)).as("nothing is known yet").isEmpty();
    flush(fold, store, 1, events);

    List<CoarseSpan> proposals = fold.proposals(hours);

    assertThat(proposals)
        .containsExactly(new CoarseSpan(BY_ENTITY.id(), Grain.DAY, DAY, events.size()));
    assertThat(fold.proposals(hours)).as("asked once").isEmpty();
    fold.confirm(proposals);
    List<AggregateRow> rows = new ArrayList<>(flush(fold, store, 2, events));
    List<AggregateRow> settled = new ArrayList<>();
    fold.end(true, settled::add);
    rows.addAll(settled);
    assertThat(rows)
        .filteredOn(row -> row.rollupId() == BY_ENTITY.id())
        .hasSize(9_000)
        .allMatch(row -> row.grain() == Grain.DAY);
    assertThat(rows)
        .filteredOn(row -> row.rollupId() == BY_TYPE.id())
        .hasSize(360)
        .allMatch(row -> row.grain() == Grain.MINUTE);
  }

  @Test
  void proposals_ofLiveEvents_areNone_howeverSparse() {
    LaneFold fold = fold(100_000);
    List<TestEvent> events = events(5_000, 1_000_000, new Random(3));
    flush(fold, new Store(), 1, events);

    assertThat(fold.proposals(hours(events))).isEmpty();
  }

  @Test
  void proposals_whereTheOnlyFineRowsLeftAreThoseOfLateEvents_goOn() {
    LaneFold fold = fold(100_000);
    Store store = new Store();
    List<TestEvent> first = spread(12_000, DAY, 6, 600);
    flush(fold, store, 1, first);
    List<CoarseSpan> proposals = fold.proposals(hours(first));
    assertThat(proposals).hasSize(1);
    fold.confirm(proposals);
    // 600 rows of 12,000 events by day, and about as many of 700 late ones by hour.
    List<TestEvent> later = new ArrayList<>(first);
    later.addAll(spread(700, DAY - Grain.DAY.micros(), 7, 600));
    flush(fold, store, 2, later);
    settle(fold, store);

    long next = DAY + Grain.DAY.micros();
    assertThat(fold.proposals(hours(spread(12_000, next, 6, 600))))
        .containsExactly(new CoarseSpan(BY_ENTITY.id(), Grain.DAY, next, 12_000));
  }

  @Test
  void end_ofAnImportThatFoldsByTwenty_carriesIt_liveEventsAreWritten() {
    for (int span : new int[] {1, 6}) {
      handover = new Handover();
      LaneFold fold = fold(100_000);
      Store store = new Store();
      for (long batch = 1; batch <= 2; batch++) {
        List<TestEvent> events = spread(12_000, DAY, span, 600 / span);
        flush(fold, store, batch, events);
      }
      assertThat(store.notes.containsKey(BY_ENTITY.id())).as("%s hours", span).isEqualTo(span > 1);
      store.check(BY_ENTITY);
      store.check(BY_TYPE);
    }
  }

  /** Evenly over so many hours from the start of a day, and over the entities. */
  private static List<TestEvent> spread(int count, long day, int hours, int entities) {
    Random random = new Random(5);
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long at = day + i * (hours * Grain.HOUR.micros() / count);
      events.add(new TestEvent(at, "e" + random.nextInt(entities)));
    }
    return events;
  }

  private static SortedMap<Long, HourLoad> hours(List<TestEvent> events) {
    SortedMap<Long, HourLoad> hours = new TreeMap<>();
    for (TestEvent event : events) {
      hours
          .computeIfAbsent(Grain.HOUR.floor(event.occurredAtMicros()), hour -> new HourLoad())
          .add(event.occurredAtMicros() % Grain.HOUR.micros());
    }
    return hours;
  }
}
