package dev.windrow.query.read;

import dev.windrow.query.plan.TableSize;
import dev.windrow.query.plan.TableStatistics;
import dev.windrow.query.plan.Tier;
import dev.windrow.query.plan.TimeSpread;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads what PostgreSQL knows of the tables that hold events and buckets: their sizes as of now,
 * and what their last ANALYZE found, if there was one. Reads none of their rows.
 */
final class SelectTableStatistics {
  // Not pg_partition_tree, which locks every partition until the transaction ends. A day of events
  // is divided into loose rows and runs; one from before schema version 5 is not. A share is that
  // of one of the commonest values, which are all there are of columns with so few. Of
  // events, which have a table for each day, the ends of the histogram are enough, and are cut from
  // its text, which is cheaper than to read a hundred times.
  private static final String SQL =
      """
      WITH part AS (
        SELECT 0 AS grain, day.inhrelid AS bounded, coalesce(half.inhrelid, day.inhrelid) AS leaf
        FROM pg_inherits day
        LEFT JOIN pg_inherits half ON half.inhparent = day.inhrelid
        WHERE day.inhparent = 'events'::regclass
        UNION ALL
        SELECT CASE inhparent WHEN 'rollup_buckets_minute'::regclass THEN 1 ELSE 2 END,
          inhrelid, inhrelid
        FROM pg_inherits
        WHERE inhparent IN ('rollup_buckets_minute'::regclass, 'rollup_buckets_hour'::regclass)
        UNION ALL
        SELECT 3, 'rollup_buckets_day'::regclass, 'rollup_buckets_day'::regclass
      )
      SELECT part.grain, bounds[1]::timestamptz, bounds[2]::timestamptz,
        leaf.reltuples::double precision, leaf.relpages::bigint,
        coalesce(pg_relation_size(leaf.oid), 0) / current_setting('block_size')::bigint,
        times.quantiles, times.common, times.freqs,
        tenants.freqs[array_position(tenants.vals, %1$s)], tenants.vals IS NOT NULL,
        rollups.vals, rollups.freqs,
        entities.n_distinct
      FROM part
      JOIN pg_class bounded ON bounded.oid = part.bounded
      JOIN pg_class leaf ON leaf.oid = part.leaf
      LEFT JOIN LATERAL regexp_match(pg_get_expr(bounded.relpartbound, bounded.oid),
        'FROM \\(''([^'']+)''\\) TO \\(''([^'']+)''\\)') AS bounds ON true
      LEFT JOIN LATERAL (
        SELECT most_common_vals::text::int[] AS vals, most_common_freqs::float8[] AS freqs
        FROM pg_stats
        WHERE schemaname = leaf.relnamespace::regnamespace::name AND tablename = leaf.relname
          AND attname = 'tenant_id'
        OFFSET 0) AS tenants ON true
      LEFT JOIN LATERAL (
        SELECT most_common_vals::text::int[] AS vals, most_common_freqs::float8[] AS freqs
        FROM pg_stats
        WHERE schemaname = leaf.relnamespace::regnamespace::name AND tablename = leaf.relname
          AND attname = 'rollup_id'
        OFFSET 0) AS rollups ON part.grain > 0
      LEFT JOIN LATERAL (
        SELECT n_distinct::double precision
        FROM pg_stats
        WHERE schemaname = leaf.relnamespace::regnamespace::name AND tablename = leaf.relname
          AND attname = 'entity_id'
        OFFSET 0) AS entities ON part.grain = 0
      LEFT JOIN LATERAL (
        SELECT most_common_vals::text::timestamptz[] AS common, most_common_freqs::float8[] AS freqs,
          CASE WHEN part.grain > 0 THEN histogram_bounds::text::timestamptz[]
            ELSE ARRAY[substring(histogram_bounds::text FROM '^\\{"([^"]+)"'),
              substring(right(histogram_bounds::text, 50) FROM '"([^"]+)"\\}$')]::timestamptz[]
          END AS quantiles
        FROM pg_stats
        WHERE schemaname = leaf.relnamespace::regnamespace::name AND tablename = leaf.relname
          AND attname = CASE part.grain WHEN 0 THEN 'occurred_at' ELSE 'start_at' END
        OFFSET 0) AS times ON true
      """;

  // The day buckets, and what has no bounds, may be of any time.
  private static final TimeRange ANY_TIME =
      new TimeRange(
          Micros.of(Instant.parse("0001-01-01T00:00:00Z")),
          Micros.of(Instant.parse("+10000-01-02T00:00:00Z")));
  // A tenant with rows that no sample met has some.
  private static final double LEAST_SHARE = 1e-4;

  private SelectTableStatistics() {}

  static Mono<Map<Tier, List<TableStatistics>>> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql = SQL.formatted(parameters.add(tenantId));
          Map<Tier, List<TableStatistics>> tables = new EnumMap<>(Tier.class);
          return session
              .forEach(sql, parameters::bindTo, row -> add(tables, row))
              .then(Mono.just(tables));
        });
  }

  private static void add(Map<Tier, List<TableStatistics>> tables, Row row) {
    int grain = Columns.integer(row, 0);
    Tier tier = grain == 0 ? Tier.RAW : Tier.of(Grain.ofCode(grain));
    TableSize size = new TableSize(real(row, 3), Columns.bigint(row, 4), Columns.bigint(row, 5));
    tables
        .computeIfAbsent(tier, t -> new ArrayList<>())
        .add(
            new TableStatistics(
                bounds(row),
                spread(row),
                size,
                tenantShare(row),
                rollupShares(row),
                entities(row, size)));
  }

  private static TimeRange bounds(Row row) {
    OffsetDateTime from = row.get(1, OffsetDateTime.class);
    OffsetDateTime to = row.get(2, OffsetDateTime.class);
    return from == null || to == null ? ANY_TIME : new TimeRange(Micros.of(from), Micros.of(to));
  }

  private static TimeSpread spread(Row row) {
    OffsetDateTime @Nullable [] quantiles = row.get(6, OffsetDateTime[].class);
    OffsetDateTime @Nullable [] common = row.get(7, OffsetDateTime[].class);
    Double @Nullable [] parts = row.get(8, Double[].class);
    Map<Long, Double> commonTimes = new HashMap<>();
    if (common != null && parts != null) {
      for (int i = 0; i < common.length; i++) {
        commonTimes.put(Micros.of(common[i]), parts[i]);
      }
    }
    return new TimeSpread(
        quantiles == null
            ? List.of()
            : Arrays.stream(quantiles).filter(Objects::nonNull).map(Micros::of).toList(),
        commonTimes);
  }

  private static double tenantShare(Row row) {
    boolean analysed = Boolean.TRUE.equals(row.get(10, Boolean.class));
    Double share = Columns.nullableReal(row, 9);
    if (share != null) {
      return share;
    }
    return analysed ? LEAST_SHARE : 1;
  }

  private static Map<Integer, Double> rollupShares(Row row) {
    Integer @Nullable [] rollups = row.get(11, Integer[].class);
    Double @Nullable [] shares = row.get(12, Double[].class);
    if (rollups == null || shares == null) {
      return Map.of();
    }
    Map<Integer, Double> byRollup = new HashMap<>();
    for (int i = 0; i < rollups.length; i++) {
      byRollup.put(rollups[i], shares[i]);
    }
    return byRollup;
  }

  /** PostgreSQL writes a number that grows with the table as the negative of its part of it. */
  private static double entities(Row row, TableSize size) {
    Double distinct = Columns.nullableReal(row, 13);
    if (distinct == null) {
      return 0;
    }
    return distinct >= 0 ? distinct : -distinct * Math.max(0, size.countedRows());
  }

  private static double real(Row row, int index) {
    Double value = Columns.nullableReal(row, index);
    return value == null ? 0 : value;
  }
}
