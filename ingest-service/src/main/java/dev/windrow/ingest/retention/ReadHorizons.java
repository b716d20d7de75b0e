package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads where the horizons of all tiers are. */
final class ReadHorizons {
  // A tenant that was added since has none yet: then the common one is none.
  private static final String SQL =
      """
      SELECT t.tier,
        CASE WHEN count(h.tenant_id) = (SELECT count(*) FROM tenants) THEN min(h.from_at) END,
        max(h.from_at), max(h.moved_at),
        coalesce(max(h.moved_at) + $2 * interval '1 millisecond' <= clock_timestamp(), false),
        clock_timestamp()
      FROM unnest($1::text[]) AS t (tier)
      LEFT JOIN retention_horizons h USING (tier)
      GROUP BY t.tier
      """;

  private ReadHorizons() {}

  /** One for each tier. */
  static Mono<Map<Tier, Horizon>> run(Connection connection, Duration grace) {
    String[] tiers = Arrays.stream(Tier.values()).map(Tier::label).toArray(String[]::new);
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tiers)
                .bind("$2", (double) grace.toMillis())
                .execute())
        .concatMap(result -> result.map((row, metadata) -> horizon(row)))
        .collect(
            () -> (Map<Tier, Horizon>) new EnumMap<Tier, Horizon>(Tier.class),
            (all, horizon) -> all.put(horizon.tier(), horizon));
  }

  private static Horizon horizon(Row row) {
    return new Horizon(
        Tier.parse(Objects.requireNonNull(row.get(0, String.class))),
        Objects.requireNonNullElse(row.get(1, Instant.class), Instant.MIN),
        Objects.requireNonNullElse(row.get(2, Instant.class), Instant.MIN),
        Objects.requireNonNullElse(row.get(3, Instant.class), Instant.MIN),
        Boolean.TRUE.equals(row.get(4, Boolean.class)),
        Objects.requireNonNull(row.get(5, Instant.class)));
  }
}
