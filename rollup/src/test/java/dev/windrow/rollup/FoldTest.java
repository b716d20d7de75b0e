package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FoldTest {
  private static final List<RollupDefinition> ROLLUPS =
      List.of(
          new RollupDefinition(
              1,
              "by-status",
              List.of(Dimension.TYPE, Dimension.SOURCE, Dimension.STATUS),
              EnumSet.allOf(Grain.class)),
          new RollupDefinition(
              2,
              "by-entity",
              List.of(Dimension.TYPE, Dimension.ENTITY_ID),
              EnumSet.of(Grain.HOUR, Grain.DAY)),
          new RollupDefinition(
              3, "by-region", List.of(Dimension.attribute("region")), EnumSet.of(Grain.DAY)),
          new RollupDefinition(4, "all", List.of(), EnumSet.of(Grain.MINUTE, Grain.DAY)));

  private static final Map<Integer, RollupDefinition> BY_ID =
      ROLLUPS.stream().collect(Collectors.toMap(RollupDefinition::id, rollup -> rollup));

  @Test
  void drain_afterOneFlush_equalsGroupingTheEvents() {
    for (int seed = 0; seed < 20; seed++) {
      List<Fact> facts = Fact.random(new SplittableRandom(seed), 1000);
      DeltaFold fold = new DeltaFold(ROLLUPS);
      facts.forEach(fold::add);
      int size = fold.size();
      List<AggregateRow> rows = fold.drain();
      assertThat(rows)
          .as("seed %d", seed)
          .hasSize(size)
          .containsExactlyInAnyOrderElementsOf(grouped(facts, true));
      assertThat(fold.size()).as("seed %d", seed).isZero();
      assertThat(fold.drain()).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void drain_afterFlushesAndCompactions_equalsGroupingTheEvents() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Fact> facts = Fact.random(random, 2000);
      DeltaFold flush = new DeltaFold(ROLLUPS);
      CompactionFold compaction = new CompactionFold(BY_ID);
      List<AggregateRow> buckets = new ArrayList<>();
      List<AggregateRow> deltas = new ArrayList<>();
      for (Fact fact : facts) {
        flush.add(fact);
        if (random.nextInt(100) == 0) {
          deltas.addAll(flush.drain());
        }
        if (random.nextInt(500) == 0) {
          deltas.forEach(compaction::addDelta);
          deltas.clear();
          buckets.forEach(compaction::addBucket);
          buckets = drain(compaction);
        }
      }
      deltas.addAll(flush.drain());
      deltas.forEach(compaction::addDelta);
      buckets.forEach(compaction::addBucket);
      assertThat(drain(compaction)).as("seed %d", seed).isEqualTo(grouped(facts, false));
    }
  }

  @Test
  void drain_ofRowsTakenAsTheyAre_equalsGroupingTheEvents() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Fact> facts = Fact.random(random, 2000);
      // Two lanes fold with grains that change; some rollups are taken whole, some as delta rows.
      List<DeltaFold> lanes = List.of(coarseInPlaces(random), coarseInPlaces(random));
      CompactionFold compaction = new CompactionFold(BY_ID);
      List<AggregateRow> buckets = new ArrayList<>();
      for (Fact fact : facts) {
        lanes.get(random.nextInt(2)).add(fact);
        if (random.nextInt(300) == 0) {
          buckets = compact(compaction, lanes, buckets, random);
        }
      }
      buckets = compact(compaction, lanes, buckets, random);
      assertThat(buckets)
          .as("seed %d", seed)
          .filteredOn(row -> row.grain() == Grain.DAY)
          .isEqualTo(
              grouped(facts, false).stream().filter(row -> row.grain() == Grain.DAY).toList());
    }
  }

  private static DeltaFold coarseInPlaces(SplittableRandom random) {
    return new DeltaFold(
        ROLLUPS,
        rollup -> {
          List<Grain> grains = List.copyOf(rollup.grains());
          return occurredAt -> grains.get(random.nextInt(grains.size()));
        });
  }

  private static List<AggregateRow> compact(
      CompactionFold compaction,
      List<DeltaFold> lanes,
      List<AggregateRow> buckets,
      SplittableRandom random) {
    for (DeltaFold lane : lanes) {
      for (RollupDefinition rollup : ROLLUPS) {
        if (random.nextBoolean()) {
          FoldedRows rows = lane.take(rollup.id());
          assertThat(rows.shares().values().stream().mapToInt(GrainTally.Share::rows).sum())
              .isEqualTo(rows.size());
          compaction.add(rows);
        } else {
          lane.drain(rollup.id(), compaction::addDelta);
        }
      }
    }
    Set<Slot> slots = new HashSet<>(compaction.slots());
    buckets.stream().filter(row -> slots.contains(slot(row))).forEach(compaction::addBucket);
    List<AggregateRow> written = drain(compaction);
    assertThat(written).extracting(FoldTest::slot).containsExactlyInAnyOrderElementsOf(slots);
    List<AggregateRow> after = new ArrayList<>(buckets);
    after.removeIf(row -> slots.contains(slot(row)));
    after.addAll(written);
    after.sort(Comparator.comparing(FoldTest::slot, Slot.ORDER));
    return after;
  }

  private static List<AggregateRow> drain(CompactionFold fold) {
    return fold.slots().stream().map(fold::take).toList();
  }

  private static Slot slot(AggregateRow row) {
    return new Slot(row.rollupId(), row.grain(), row.startMicros(), row.key());
  }

  @Test
  void addDelta_afterSlotsWereAskedFor_isRefused() {
    CompactionFold fold = new CompactionFold(BY_ID);
    AggregateRow delta = new AggregateRow(3, Grain.DAY, 0, RollupKey.of("r"), Aggregate.empty());
    fold.addDelta(delta);
    assertThat(fold.slots()).containsExactly(slot(delta));
    assertThatThrownBy(() -> fold.addDelta(delta)).isInstanceOf(IllegalStateException.class);
    assertThat(fold.take(slot(delta))).isEqualTo(delta);
    assertThatThrownBy(() -> fold.take(slot(delta))).isInstanceOf(IllegalStateException.class);
    fold.addDelta(delta);
  }

  @Test
  void add_keysOfOneHash_areToldApart() {
    DeltaFold fold = new DeltaFold(List.of(ROLLUPS.get(1)));
    fold.add(fact("Aa", true, 1));
    fold.add(fact("BB", true, 1));
    fold.add(fact("Aa", true, 1));
    assertThat(fold.drain())
        .extracting(row -> row.key().get(1) + row.aggregate().count())
        .containsExactlyInAnyOrder("Aa2", "BB1");
  }

  @Test
  void add_notFinite_isRefusedAndChangesNothing() {
    DeltaFold fold = new DeltaFold(ROLLUPS);
    assertThatThrownBy(() -> fold.add(fact("a", true, Double.NaN)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(fold.size()).isZero();
    fold.add(fact("a", false, Double.NaN));
    assertThat(fold.size()).isEqualTo(ROLLUPS.size());
  }

  @Test
  void constructor_repeatedId_isRefused() {
    assertThatThrownBy(() -> new DeltaFold(List.of(ROLLUPS.get(0), ROLLUPS.get(0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void row_startOffTheGrid_isRefused() {
    assertThatThrownBy(
            () ->
                new AggregateRow(
                    1, Grain.HOUR, Grain.MINUTE.micros(), RollupKey.of(), Aggregate.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void compaction_rowsThatDoNotBelong_areRefused() {
    CompactionFold fold = new CompactionFold(BY_ID);
    AggregateRow unknown = new AggregateRow(9, Grain.DAY, 0, RollupKey.of("r"), Aggregate.empty());
    AggregateRow shortKey = new AggregateRow(3, Grain.DAY, 0, RollupKey.of(), Aggregate.empty());
    AggregateRow wrongGrain =
        new AggregateRow(3, Grain.HOUR, 0, RollupKey.of("r"), Aggregate.empty());
    for (AggregateRow row : List.of(unknown, shortKey, wrongGrain)) {
      assertThatThrownBy(() -> fold.addDelta(row)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> fold.addBucket(row)).isInstanceOf(IllegalStateException.class);
    }
    assertThat(fold.slots()).isEmpty();
  }

  /** What the rows must be, from the events themselves, in order. */
  private static List<AggregateRow> grouped(List<Fact> facts, boolean finestOnly) {
    List<AggregateRow> rows = new ArrayList<>();
    for (RollupDefinition rollup : ROLLUPS) {
      for (Grain grain : finestOnly ? List.of(rollup.finest()) : rollup.grains()) {
        facts.stream()
            .collect(Collectors.groupingBy(fact -> cell(fact, rollup, grain)))
            .forEach(
                (cell, members) ->
                    rows.add(
                        new AggregateRow(
                            rollup.id(),
                            grain,
                            cell.start,
                            cell.key,
                            rollup.keepsLatest()
                                ? Fact.withLatest(members)
                                : Fact.aggregate(members))));
      }
    }
    rows.sort(Comparator.comparing(FoldTest::slot, Slot.ORDER));
    return rows;
  }

  private static Cell cell(Fact fact, RollupDefinition rollup, Grain grain) {
    List<String> values =
        rollup.dimensions().stream().map(dimension -> value(fact, dimension)).toList();
    return new Cell(grain.floor(fact.occurredAtMicros()), RollupKey.of(values));
  }

  private static String value(Fact fact, Dimension dimension) {
    return switch (dimension.name()) {
      case "type" -> fact.type();
      case "source" -> fact.source();
      case "status" -> fact.status();
      case "entity_id" -> fact.entityId();
      default -> fact.attribute(dimension.attributeName());
    };
  }

  private static Fact fact(String entityId, boolean hasValue, double value) {
    return new Fact(0, "source", "type", entityId, "status", hasValue, value, 0, Map.of(), 1, 1);
  }

  private record Cell(long start, RollupKey key) {}
}
