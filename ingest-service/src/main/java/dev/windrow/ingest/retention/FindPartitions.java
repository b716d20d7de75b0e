package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Function;
import reactor.core.publisher.Flux;

/**
 * Finds the partitions of all tiers, the oldest of each tier first; also those whose detach was
 * interrupted, and tables that were detached and not dropped.
 */
final class FindPartitions {
  // A table counts as detached only if it has exactly such a name, lies beside its parent, is
  // nobody's
  // partition, and has the parent's columns.
  private static final String SQL =
      """
      WITH parents AS (
        SELECT t.tier, t.pattern, c.oid, c.relnamespace
        FROM unnest($1::text[], $2::text[], $3::text[]) AS t (tier, parent, pattern)
        JOIN pg_class c ON c.oid = t.parent::regclass
      )
      SELECT p.tier, c.relname::text,
        CASE WHEN i.inhrelid IS NULL THEN 'DETACHED' WHEN i.inhdetachpending THEN 'PENDING' ELSE 'ATTACHED' END
      FROM parents p
      JOIN pg_class c ON c.relnamespace = p.relnamespace AND c.relname ~ p.pattern AND c.relkind IN ('r', 'p')
      LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
      WHERE i.inhparent = p.oid
        OR i.inhrelid IS NULL AND NOT c.relispartition AND
          (SELECT array_agg(attname || ' ' || format_type(atttypid, atttypmod) ORDER BY attname)
           FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)
          = (SELECT array_agg(attname || ' ' || format_type(atttypid, atttypmod) ORDER BY attname)
             FROM pg_attribute WHERE attrelid = p.oid AND attnum > 0 AND NOT attisdropped)
      ORDER BY 1, 2
      """;

  private FindPartitions() {}

  static Flux<Partition> run(Connection connection) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", texts(Tier::label))
                .bind("$2", texts(Tier::table))
                .bind("$3", texts(Tier::pattern))
                .execute())
        .concatMap(result -> result.map((row, metadata) -> partition(row)));
  }

  private static String[] texts(Function<Tier, String> text) {
    return Arrays.stream(Tier.divided()).map(text).toArray(String[]::new);
  }

  private static Partition partition(Row row) {
    Tier tier = Tier.parse(Objects.requireNonNull(row.get(0, String.class)));
    return new Partition(
        tier,
        tier.begin(Objects.requireNonNull(row.get(1, String.class))),
        Partition.State.valueOf(Objects.requireNonNull(row.get(2, String.class))));
  }
}
