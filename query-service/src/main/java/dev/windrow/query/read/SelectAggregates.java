package dev.windrow.query.read;

import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.List;
import java.util.stream.LongStream;
import reactor.core.publisher.Mono;

/** Reads the buckets of a plan's segments and the live delta beside them. */
final class SelectAggregates {
  // The bounds of the ranges, from and to in turn, ascend; an instant is inside of one if an odd
  // number of them is not after it. The table is small, has no index, and is scanned once.
  private static final String DELTAS =
      """
      SELECT start_at, key, event_count, value_count, value_sum, value_min, value_max,
             amount_sum, value_sketch, entity_sketch, value_squares
      FROM rollup_deltas
      WHERE tenant_id = %s AND rollup_id = %s AND width_bucket(start_at, %s) %% 2 = 1 AND %s
      """;

  private SelectAggregates() {}

  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      Question question,
      RollupDefinition rollup,
      WindowPlan plan,
      SummaryFold fold) {
    Parameters parameters = new Parameters();
    DimensionColumns columns = DimensionColumns.ofKeys(rollup);
    Needs needs = Needs.of(question);
    RowShape shape = RowShape.of(question);
    boolean grouped = !needs.ownSums();
    String select =
        "SELECT "
            + RowShape.columns(question, "start_at", "event_count", grouped, columns, parameters)
            + (grouped ? AggregateColumns.grouped(needs) : AggregateColumns.single(needs));
    String tenant = parameters.add(tenantId);
    String id = parameters.add(rollup.id());
    String filter = FilterConditions.of(question.filter(), columns, parameters);
    String buckets = BucketRows.of(plan.bucketSegments(), tenant, id, filter, parameters);
    String groupBy = grouped ? " GROUP BY " + shape.groupBy() : "";
    String compacted = select + ", false FROM (" + buckets + ") AS bucket" + groupBy;
    if (plan.deltaRanges().isEmpty()) {
      return session.forEach(compacted, parameters::bindTo, row -> accept(row, shape, fold));
    }
    String deltas = DELTAS.formatted(tenant, id, bounds(plan.deltaRanges(), parameters), filter);
    String sql =
        compacted + " UNION ALL " + (select + ", true FROM (" + deltas + ") AS delta" + groupBy);
    return session.forEach(sql, parameters::bindTo, row -> accept(row, shape, fold));
  }

  private static void accept(Row row, RowShape shape, SummaryFold fold) {
    FoldRow read = FoldRow.of(row, shape);
    if (Columns.bool(row, shape.width() + AggregateColumns.WIDTH)) {
      fold.addDeltas(read);
    } else {
      fold.addBuckets(read);
    }
  }

  private static String bounds(List<TimeRange> ranges, Parameters parameters) {
    return parameters.addInstants(
        ranges.stream()
            .flatMapToLong(range -> LongStream.of(range.fromMicros(), range.toMicros()))
            .toArray());
  }
}
