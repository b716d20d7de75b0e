package dev.windrow.query.read;

import dev.windrow.query.plan.ActiveRollup;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.CoarseSpans;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.plan.UnfoldedBatch;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** Reads the active rollups of a tenant, and what of them is not as usual, in one go. */
public final class SelectRollups {
  // One probe of the primary key for each part that matters: see SelectBuckets.
  private static final String SQL =
      """
      SELECT rollup_id, name, dimensions, grains,
        ARRAY (
          SELECT start_at
          FROM unnest(%2$s, %3$s) AS part (lo, hi)
          CROSS JOIN LATERAL (
            SELECT start_at FROM coarse_spans span
            WHERE span.tenant_id = %1$s AND span.rollup_id = rollup.rollup_id AND grain = 2
              AND start_at >= lo AND start_at < hi
            OFFSET 0) AS span),
        ARRAY (
          SELECT start_at
          FROM unnest(%4$s, %5$s) AS part (lo, hi)
          CROSS JOIN LATERAL (
            SELECT start_at FROM coarse_spans span
            WHERE span.tenant_id = %1$s AND span.rollup_id = rollup.rollup_id AND grain = 3
              AND start_at >= lo AND start_at < hi
            OFFSET 0) AS span),
        batch_ids, oldest, newest, event_counts
      FROM rollups rollup
      CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(batch_id), '{}') AS batch_ids,
          coalesce(array_agg(oldest_occurred_at), '{}') AS oldest,
          coalesce(array_agg(newest_occurred_at), '{}') AS newest,
          coalesce(array_agg(event_count), '{}') AS event_counts
        FROM unfolded_batches batch
        WHERE batch.tenant_id = %1$s AND batch.rollup_id = rollup.rollup_id
          AND newest_occurred_at >= %6$s AND oldest_occurred_at < %7$s
      ) AS unfolded
      WHERE tenant_id = %1$s AND state = 'ACTIVE'
      ORDER BY rollup_id
      """;

  private SelectRollups() {}

  /** The catalog as of the session's snapshot. */
  public static Mono<RollupCatalog> read(ReadSession session, int tenantId, CatalogScope scope) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql =
              SQL.formatted(
                  parameters.add(tenantId),
                  starts(scope.hours(), parameters),
                  ends(scope.hours(), parameters),
                  starts(scope.days(), parameters),
                  ends(scope.days(), parameters),
                  parameters.addInstant(scope.window().fromMicros()),
                  parameters.addInstant(scope.window().toMicros()));
          List<ActiveRollup> rollups = new ArrayList<>();
          return session
              .forEach(sql, parameters::bindTo, row -> rollups.add(rollup(row)))
              .then(Mono.fromSupplier(() -> new RollupCatalog(rollups)));
        });
  }

  private static String starts(List<TimeRange> ranges, Parameters parameters) {
    return parameters.addInstants(ranges.stream().mapToLong(TimeRange::fromMicros).toArray());
  }

  private static String ends(List<TimeRange> ranges, Parameters parameters) {
    return parameters.addInstants(ranges.stream().mapToLong(TimeRange::toMicros).toArray());
  }

  private static ActiveRollup rollup(Row row) {
    RollupDefinition definition =
        new RollupDefinition(
            Columns.integer(row, 0),
            Columns.text(row, 1),
            Arrays.stream(Columns.array(row, 2, String[].class)).map(Dimension::parse).toList(),
            Arrays.stream(Columns.array(row, 3, String[].class))
                .map(name -> Grain.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet()));
    return new ActiveRollup(
        definition, CoarseSpans.of(instants(row, 4), instants(row, 5)), unfolded(row));
  }

  private static List<UnfoldedBatch> unfolded(Row row) {
    Long[] batchIds = Columns.array(row, 6, Long[].class);
    List<Long> oldest = instants(row, 7);
    List<Long> newest = instants(row, 8);
    Integer[] eventCounts = Columns.array(row, 9, Integer[].class);
    List<UnfoldedBatch> batches = new ArrayList<>(batchIds.length);
    for (int i = 0; i < batchIds.length; i++) {
      TimeRange time = new TimeRange(oldest.get(i), newest.get(i) + 1);
      batches.add(new UnfoldedBatch(batchIds[i], time, eventCounts[i]));
    }
    return batches;
  }

  private static List<Long> instants(Row row, int index) {
    return Arrays.stream(Columns.array(row, index, OffsetDateTime[].class))
        .map(Micros::of)
        .toList();
  }
}
