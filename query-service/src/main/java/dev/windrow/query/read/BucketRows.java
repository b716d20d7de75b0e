package dev.windrow.query.read;

import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.sql.Parameters;
import java.util.List;
import java.util.stream.Collectors;

/** The part of a statement that finds the buckets of segments. */
final class BucketRows {
  // Of one segment; several are joined by UNION ALL. PostgreSQL sees the bounds when it plans,
  // leaves out the partitions beyond them, and reads many buckets in the order of their pages.
  private static final String SEGMENT =
      """
      SELECT start_at, key, event_count, value_count, value_sum, value_min, value_max,
             amount_sum, value_sketch, entity_sketch, value_squares
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
               amount_sum, value_sketch, entity_sketch, value_squares
        FROM rollup_buckets
        WHERE tenant_id = %s AND rollup_id = %s AND grain = segment_grain
          AND start_at >= lo AND start_at < hi AND %s
        OFFSET 0
      ) AS bucket
      """;

  // A window without intervals has minutes, hours, days, hours and minutes.
  private static final int FEW_SEGMENTS = 5;

  private BucketRows() {}

  /**
   * The statement.
   *
   * @param tenant a parameter, as the rollup and what is in the filter
   */
  static String of(
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
