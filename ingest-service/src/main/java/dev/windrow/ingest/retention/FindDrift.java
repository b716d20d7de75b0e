package dev.windrow.ingest.retention;

import dev.windrow.rollup.Dimension;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares what a rollup says of a partition's time with what the events there say, key by key, and
 * both ways. Not the sums, squares, sketches and newest events: who samples buckets does that. But
 * these must be known, or only the events could ever tell.
 */
final class FindDrift {
  private static final int FIRST_ATTRIBUTE = 7;

  // Of a day that is still answered from, all must be the same. Of one before the horizon events
  // may be
  // gone already, and the partition made anew by a late flush: there nothing may be missing in the
  // rollup. As long as a key has as many events on both sides, no one tells that from the other.
  private static final String SQL =
      """
      WITH told AS (
        SELECT key, sum(event_count)::bigint AS n, sum(value_count)::bigint AS vn, min(value_min) AS low,
          max(value_max) AS high, sum(amount_sum) AS amount, bool_or(%2$s) AS blind
        FROM (
          SELECT key, event_count, value_count, value_min, value_max, amount_sum, value_squares, latest FROM rollup_buckets
          WHERE tenant_id = $1 AND rollup_id = $2 AND grain = $3 AND start_at >= $4 AND start_at < $5
          UNION ALL
          SELECT key, event_count, value_count, value_min, value_max, amount_sum, value_squares, latest FROM rollup_deltas
          WHERE tenant_id = $1 AND rollup_id = $2 AND start_at >= $4 AND start_at < $5
        ) AS parts
        GROUP BY key
      ), raw AS (
        SELECT ARRAY[%1$s] AS key, count(*) AS n, count(value) AS vn, min(value) AS low,
          max(value) AS high, coalesce(sum(amount), 0) AS amount
        FROM events
        WHERE tenant_id = $1 AND occurred_at >= $4 AND occurred_at < $5
        GROUP BY 1
      )
      SELECT count(*), coalesce(min(key::text), '')
      FROM told FULL JOIN raw USING (key)
      WHERE ($6 AND told.blind) OR CASE
        WHEN $6 OR told.n = raw.n THEN
          (told.n, told.vn, told.low, told.high, told.amount)
            IS DISTINCT FROM (raw.n, raw.vn, raw.low, raw.high, raw.amount)
        ELSE raw.n > coalesce(told.n, 0) OR raw.vn > told.vn OR raw.low < told.low OR raw.high > told.high
        END
      """;

  // Rows from before there were sums of squares, or newest events, do not know what their events
  // would tell.
  private static final String NO_SQUARES = "value_count > 0 AND coalesce(value_squares, '') = ''";
  private static final String NO_LATEST = " OR coalesce(latest, '') = ''";

  private FindDrift() {}

  /**
   * Empty if there is none.
   *
   * @param whole whether all events must still be there
   */
  static Mono<Drift> run(Connection connection, ActiveRollup rollup, Partition day, boolean whole) {
    Statement statement =
        connection
            .createStatement(sql(rollup.dimensions()))
            .bind("$1", rollup.tenantId())
            .bind("$2", rollup.rollupId())
            .bind("$3", rollup.coarsest())
            .bind("$4", day.from())
            .bind("$5", day.to())
            .bind("$6", whole);
    int parameter = FIRST_ATTRIBUTE;
    for (Dimension dimension : rollup.dimensions()) {
      if (dimension.isAttribute()) {
        statement.bind("$" + parameter++, dimension.attributeName());
      }
    }
    return Flux.from(statement.execute())
        .concatMap(result -> result.map((row, metadata) -> drift(rollup, row)))
        .single()
        .filter(drift -> drift.keys() > 0);
  }

  private static Drift drift(ActiveRollup rollup, Row row) {
    return new Drift(
        rollup.tenantId(),
        rollup.name(),
        Objects.requireNonNull(row.get(0, Long.class)),
        Objects.requireNonNull(row.get(1, String.class)));
  }

  /** Made of constants and the numbers of parameters. */
  private static String sql(List<Dimension> dimensions) {
    List<String> columns = new ArrayList<>();
    int parameter = FIRST_ATTRIBUTE;
    for (Dimension dimension : dimensions) {
      columns.add(
          dimension.isAttribute()
              ? "coalesce(attributes ->> $" + parameter++ + "::text, '')"
              : column(dimension));
    }
    boolean keepsLatest = dimensions.contains(Dimension.ENTITY_ID);
    return SQL.formatted(
        String.join(", ", columns), keepsLatest ? NO_SQUARES + NO_LATEST : NO_SQUARES);
  }

  private static String column(Dimension dimension) {
    return switch (dimension.name()) {
      case "type" -> "type";
      case "source" -> "source";
      case "status" -> "status";
      case "entity_id" -> "entity_id";
      default -> throw new IllegalArgumentException("dimension: not known, got " + dimension);
    };
  }
}
