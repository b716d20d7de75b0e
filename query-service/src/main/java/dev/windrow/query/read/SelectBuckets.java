package dev.windrow.query.read;

import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.sql.ReadSession;
import java.util.List;
import reactor.core.publisher.Mono;

/** Reads the buckets of a plan's segments. */
final class SelectBuckets {
  // One probe of the primary key, and of its partitions, for each segment: OFFSET 0 keeps the
  // planner from turning this into a scan of everything between the first segment and the last.
  private static final String FROM =
      """
       FROM unnest(%s::smallint[], %s, %s) AS segment (segment_grain, lo, hi)
       CROSS JOIN LATERAL (
         SELECT start_at, key, event_count, value_count, value_sum, value_min, value_max,
                amount_sum, value_sketch, entity_sketch
         FROM rollup_buckets
         WHERE tenant_id = %s AND rollup_id = %s AND grain = segment_grain
           AND start_at >= lo AND start_at < hi AND %s
         OFFSET 0
       ) AS bucket
      """;

  private SelectBuckets() {}

  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      Question question,
      RollupDefinition rollup,
      List<Segment> segments,
      SummaryFold fold) {
    Parameters parameters = new Parameters();
    DimensionColumns columns = DimensionColumns.ofKeys(rollup);
    Needs needs = Needs.of(question);
    RowShape shape = RowShape.of(question);
    boolean grouped = !needs.sketches();
    String select =
        "SELECT "
            + RowShape.columns(question, "start_at", "event_count", grouped, columns, parameters)
            + (grouped ? AggregateColumns.grouped(needs) : AggregateColumns.single(needs));
    String from =
        FROM.formatted(
            parameters.add(
                segments.stream()
                    .map(segment -> WindowPlan.grainOf(segment).code())
                    .toArray(Short[]::new)),
            parameters.addInstants(
                segments.stream().mapToLong(segment -> segment.range().fromMicros()).toArray()),
            parameters.addInstants(
                segments.stream().mapToLong(segment -> segment.range().toMicros()).toArray()),
            parameters.add(tenantId),
            parameters.add(rollup.id()),
            FilterConditions.of(question.filter(), columns, parameters));
    String sql = select + from + (grouped ? " GROUP BY " + shape.groupBy() : "");
    return session.forEach(sql, parameters::bindTo, row -> fold.addBuckets(FoldRow.of(row, shape)));
  }
}
