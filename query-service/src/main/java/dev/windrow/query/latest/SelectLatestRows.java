package dev.windrow.query.latest;

import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.List;
import java.util.stream.LongStream;
import reactor.core.publisher.Mono;

/**
 * Reads the newest events that the buckets and delta rows of a plan know, the first pairs in order;
 * and of each pair where rows do not know it.
 */
final class SelectLatestRows {
  // The buckets of each segment and the delta rows of the ranges: see SelectBuckets, SelectDeltas.
  private static final String ROWS =
      """
      SELECT key, start_at, grain, latest, true AS bucket
      FROM unnest(%s::smallint[], %s, %s) AS segment (segment_grain, lo, hi)
      CROSS JOIN LATERAL (
        SELECT key, start_at, grain, latest
        FROM rollup_buckets
        WHERE tenant_id = %7$s AND rollup_id = %8$s AND grain = segment_grain
          AND start_at >= lo AND start_at < hi AND %6$s
        OFFSET 0
      ) AS bucket
      UNION ALL
      SELECT key, start_at, grain, latest, false
      FROM rollup_deltas
      WHERE tenant_id = %7$s AND rollup_id = %8$s AND width_bucket(start_at, %4$s) %% 2 = 1
        AND %5$s\
      """;

  // A row that does not know its newest event has one at least from its start on: so the newest
  // one of several such rows is not before the last of their starts. But it may have only events
  // that the first page's snapshot did not see, and then it says nothing of other rows.
  private static final String SELECT =
      """
      SELECT type, entity_id, newest, unknown_from, unknown_to,
        (sum(buckets) OVER ())::bigint, (sum(deltas) OVER ())::bigint
      FROM (
        SELECT %s AS type, %s AS entity_id, %s FILTER (WHERE known) AS newest,
          %s(start_at) FILTER (WHERE NOT known) AS unknown_from,
          max(start_at + CASE grain WHEN 1 THEN interval '1 minute' WHEN 2 THEN interval '1 hour'
            ELSE interval '24 hours' END) FILTER (WHERE NOT known) AS unknown_to,
          count(*) FILTER (WHERE bucket) AS buckets, count(*) FILTER (WHERE NOT bucket) AS deltas
        FROM (
          SELECT *, coalesce(latest <> '' AND %s, false) AS known FROM (%s) AS stored
        ) AS stored
        GROUP BY 1, 2
      ) AS pair
      ORDER BY type COLLATE "C", entity_id COLLATE "C"
      LIMIT %s
      """;

  private SelectLatestRows() {}

  /**
   * Reads.
   *
   * @param most how many pairs
   */
  static Mono<Void> read(ReadSession session, LatestScope scope, int most, PairFold fold) {
    WindowPlan plan = scope.plan();
    RollupDefinition rollup = plan.rollup().orElseThrow();
    Parameters parameters = new Parameters();
    String tenant = parameters.add(scope.tenantId());
    DimensionColumns columns = DimensionColumns.ofKeys(rollup);
    String type = columns.expression(Dimension.TYPE);
    String entityId = columns.expression(Dimension.ENTITY_ID);
    String condition =
        FilterConditions.of(scope.filter(), columns, parameters)
            + " AND "
            + LatestColumns.after(scope.after(), type, entityId, parameters);
    String sql =
        SELECT.formatted(
            type,
            entityId,
            LatestColumns.greatest("latest"),
            scope.after().isPresent() ? "min" : "max",
            LatestColumns.seenLatest(scope.after(), tenant, parameters),
            rows(plan, tenant, parameters.add(rollup.id()), condition, parameters),
            parameters.add(most));
    return session.forEach(sql, parameters::bindTo, row -> add(row, fold));
  }

  private static String rows(
      WindowPlan plan, String tenant, String rollup, String condition, Parameters parameters) {
    List<Segment> segments = plan.bucketSegments();
    long[] bounds =
        plan.deltaRanges().stream()
            .flatMapToLong(range -> LongStream.of(range.fromMicros(), range.toMicros()))
            .toArray();
    return ROWS.formatted(
        parameters.add(
            segments.stream().map(one -> WindowPlan.grainOf(one).code()).toArray(Short[]::new)),
        parameters.addInstants(
            segments.stream().mapToLong(one -> one.range().fromMicros()).toArray()),
        parameters.addInstants(
            segments.stream().mapToLong(one -> one.range().toMicros()).toArray()),
        parameters.addInstants(bounds),
        condition,
        condition,
        tenant,
        rollup);
  }

  private static void add(Row row, PairFold fold) {
    Pair pair = LatestColumns.pair(row);
    LatestEvent newest = LatestColumns.event(row, 2);
    if (newest != null) {
      fold.add(pair, newest);
    }
    LatestColumns.range(row, 3).ifPresent(unknown -> fold.addUnknown(pair, unknown));
    fold.sawStored(LatestColumns.number(row, 5), LatestColumns.number(row, 6));
  }
}
