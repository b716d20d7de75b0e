package dev.windrow.query.read;

import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.List;
import java.util.stream.LongStream;
import reactor.core.publisher.Mono;

/** Reads the live delta of a plan's ranges. */
final class SelectDeltas {
  // The bounds of the ranges, from and to in turn, ascend; an instant is inside of one if an odd
  // number of them is not after it. The table is small, has no index, and is scanned once.
  private static final String FROM =
      """
       FROM rollup_deltas
       WHERE tenant_id = %s AND rollup_id = %s AND width_bucket(start_at, %s) %% 2 = 1 AND %s
      """;

  private SelectDeltas() {}

  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      Question question,
      RollupDefinition rollup,
      List<TimeRange> ranges,
      SummaryFold fold) {
    Parameters parameters = new Parameters();
    DimensionColumns columns = DimensionColumns.ofKeys(rollup);
    Needs needs = Needs.of(question);
    RowShape shape = RowShape.of(question);
    boolean grouped = !needs.sketches();
    long[] bounds =
        ranges.stream()
            .flatMapToLong(range -> LongStream.of(range.fromMicros(), range.toMicros()))
            .toArray();
    String select =
        "SELECT "
            + RowShape.columns(question, "start_at", "event_count", grouped, columns, parameters)
            + (grouped ? AggregateColumns.grouped(needs) : AggregateColumns.single(needs));
    String from =
        FROM.formatted(
            parameters.add(tenantId),
            parameters.add(rollup.id()),
            parameters.addInstants(bounds),
            FilterConditions.of(question.filter(), columns, parameters));
    String sql = select + from + (grouped ? " GROUP BY " + shape.groupBy() : "");
    return session.forEach(sql, parameters::bindTo, row -> fold.addDeltas(FoldRow.of(row, shape)));
  }
}
