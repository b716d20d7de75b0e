package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads where the horizons of all tiers are. */
final class ReadHorizons {
  // Who is served and has none yet keeps everything: then the common one is none. Who has batches
  // was served by a version that did not say so.
  private static final String SQL =
      """
      WITH served AS (
        SELECT tenant_id FROM tenants t
        WHERE served_since IS NOT NULL OR EXISTS (SELECT FROM ingest_batches b WHERE b.tenant_id = t.tenant_id)
      )
      SELECT t.tier, min(h.from_at) FILTER (WHERE h.tenant_id = $2), min(h.moved_at) FILTER (WHERE h.tenant_id = $2),
        CASE WHEN count(h.tenant_id) = (SELECT count(*) FROM served) THEN min(h.from_at) END,
        max(h.from_at), max(h.moved_at), clock_timestamp()
      FROM unnest($1::text[]) AS t (tier)
      LEFT JOIN (SELECT * FROM retention_horizons JOIN served USING (tenant_id)) AS h USING (tier)
      GROUP BY t.tier
      """;

  private ReadHorizons() {}

  /** One for each tier. */
  static Mono<Map<Tier, Horizon>> run(Connection connection, int tenantId) {
    String[] tiers = Arrays.stream(Tier.values()).map(Tier::label).toArray(String[]::new);
    return Flux.from(
            connection.createStatement(SQL).bind("$1", tiers).bind("$2", tenantId).execute())
        .concatMap(result -> result.map((row, metadata) -> horizon(row)))
        .collect(
            () -> (Map<Tier, Horizon>) new EnumMap<Tier, Horizon>(Tier.class),
            (all, horizon) -> all.put(horizon.tier(), horizon));
  }

  private static Horizon horizon(Row row) {
    return new Horizon(
        Tier.parse(Objects.requireNonNull(row.get(0, String.class))),
        orNone(row, 1),
        orNone(row, 2),
        orNone(row, 3),
        orNone(row, 4),
        orNone(row, 5),
        Objects.requireNonNull(row.get(6, Instant.class)));
  }

  private static Instant orNone(Row row, int column) {
    return Objects.requireNonNullElse(row.get(column, Instant.class), Instant.MIN);
  }
}
