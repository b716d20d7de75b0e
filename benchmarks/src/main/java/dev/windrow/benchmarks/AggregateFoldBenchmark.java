package dev.windrow.benchmarks;

import dev.windrow.rollup.AggregateRow;
import dev.windrow.rollup.DeltaFold;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.util.DoubleSummaryStatistics;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event costs to fold into the three default rollups, in flushes of 20,000 events. The
 * reference groups the same events in hash maps of the JDK's statistics: no amount, no sketch, no
 * exact sum.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
// A fixed heap whose pages exist: growing it would be most of what is measured.
@Fork(
    value = 1,
    jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 3, time = 1)
public class AggregateFoldBenchmark {
  private static final int EVENTS = 20_000;

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
          new RollupDefinition(3, "by-type", List.of(Dimension.TYPE), EnumSet.allOf(Grain.class)));

  private SampleEvent[] events = {};
  private String[] entityIds = {};

  /** Makes the events. */
  @Setup
  public void generate() {
    events = SampleEvent.generate(1, EVENTS);
    entityIds = new String[EVENTS];
    for (int i = 0; i < EVENTS; i++) {
      entityIds[i] = events[i].entityId();
    }
  }

  /** The fold alone, without making rows of it. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int fold() {
    DeltaFold fold = new DeltaFold(ROLLUPS);
    for (SampleEvent event : events) {
      fold.add(event);
    }
    return fold.size();
  }

  /**
   * The fold and its delta rows, with the bytes of their sketches: all that a flush does before
   * COPY.
   */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long foldAndEncode() {
    DeltaFold fold = new DeltaFold(ROLLUPS);
    for (SampleEvent event : events) {
      fold.add(event);
    }
    long bytes = 0;
    for (AggregateRow row : fold.drain()) {
      bytes += row.aggregate().values().toBytes().length;
      bytes += row.aggregate().entities().toBytes().length;
    }
    return bytes;
  }

  /** The hash of the entity, which is computed once per event before the fold. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long hashEntities() {
    long all = 0;
    for (String entityId : entityIds) {
      all ^= EntitySketch.hash(entityId);
    }
    return all;
  }

  /** The reference: maps of lists to the JDK's count, sum, min and max. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public int referenceCounters() {
    Map<List<Object>, DoubleSummaryStatistics> byStatus = new HashMap<>();
    Map<List<Object>, DoubleSummaryStatistics> byEntity = new HashMap<>();
    Map<List<Object>, DoubleSummaryStatistics> byType = new HashMap<>();
    for (SampleEvent e : events) {
      long minute = Grain.MINUTE.floor(e.occurredAtMicros());
      long hour = Grain.HOUR.floor(e.occurredAtMicros());
      count(byStatus, List.of(minute, e.type(), e.source(), e.status()), e.value());
      count(byEntity, List.of(hour, e.type(), e.entityId()), e.value());
      count(byType, List.of(minute, e.type()), e.value());
    }
    return byStatus.size() + byEntity.size() + byType.size();
  }

  private static void count(
      Map<List<Object>, DoubleSummaryStatistics> map, List<Object> key, double value) {
    map.computeIfAbsent(key, k -> new DoubleSummaryStatistics()).accept(value);
  }
}
