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
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** Reads the buckets of a plan's segments. */
final class SelectBuckets {
  // Of one segment; several are joined by UNION ALL. PostgreSQL sees the bounds when it plans,
  // leaves out the partitions beyond them, and reads many buckets in the order of their pages.
  private static final String SEGMENT =
      """
      SELECT start_at, key, event_count, value_count, value_sum, value_min, value_max,
             amount_sum, value_sketch, entity_sketch
      FROM rollup_buckets
      WHERE tenant_id = %s AND rollup_id = %s AND grain = %s
        AND start_at >= %s AND start_at < %s AND %s
      """;

  // Of many segments: one probe of the primary key, and of its partitions, for each. OFFSET 0 keeps
  // the planner from turning this into a scan of everything between the first segment and the last.
  private static final String SEGMENTS =
      """
      SELECT bucket.*
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

  // A window without intervals has minutes, hours, days, hours and minutes.
  private static final int FEW_SEGMENTS = 5;

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
        " FROM ("
            + rows(
                segments,
                parameters.add(tenantId),
                parameters.add(rollup.id()),
                FilterConditions.of(question.filter(), columns, parameters),
                parameters)
            + ") AS bucket";
    String sql = select + from + (grouped ? " GROUP BY " + shape.groupBy() : "");
    return session.forEach(sql, parameters::bindTo, row -> fold.addBuckets(FoldRow.of(row, shape)));
  }

  private static String rows(
      List<Segment> segments, String tenant, String rollup, String filter, Parameters parameters) {
    if (segments.size() > FEW_SEGMENTS) {
      return SEGMENTS.formatted(
          parameters.add(
              segments.stream()
                  .map(segment -> WindowPlan.grainOf(segment).code())
                  .toArray(Short[]::new)),
          parameters.addInstants(
              segments.stream().mapToLong(segment -> segment.range().fromMicros()).toArray()),
          parameters.addInstants(
              segments.stream().mapToLong(segment -> segment.range().toMicros()).toArray()),
          tenant,
          rollup,
          filter);
    }
    return segments.stream()
        .map(
            segment ->
                SEGMENT.formatted(
                    tenant,
                    rollup,
                    parameters.add(WindowPlan.grainOf(segment).code()),
                    parameters.addInstant(segment.range().fromMicros()),
                    parameters.addInstant(segment.range().toMicros()),
                    filter))
        .collect(Collectors.joining(" UNION ALL "));
  }
}
