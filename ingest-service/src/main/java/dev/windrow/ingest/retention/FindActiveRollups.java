package dev.windrow.ingest.retention;

import dev.windrow.rollup.Dimension;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds the rollups of a tenant, or of all (0), that questions about a day are answered from, or
 * will be once they are built: without those whose last buckets of the day are let go, too.
 */
final class FindActiveRollups {
  private static final String SQL =
      """
      SELECT r.tenant_id, r.rollup_id, r.name, r.dimensions, coarsest.grain::smallint
      FROM rollups r
      CROSS JOIN LATERAL (
        SELECT tier, grain FROM (VALUES ('day', 3), ('hour', 2), ('minute', 1)) AS known (tier, grain)
        WHERE tier = ANY (r.grains) ORDER BY grain DESC LIMIT 1
      ) AS coarsest
      WHERE ($1 = 0 OR r.tenant_id = $1) AND (r.state = 'ACTIVE' OR $2 AND r.state = 'BUILDING')
        AND NOT EXISTS (
          SELECT FROM retention_horizons h
          WHERE h.tenant_id = r.tenant_id AND h.tier = coarsest.tier AND h.from_at > $3)
      ORDER BY r.tenant_id, r.rollup_id
      """;

  private FindActiveRollups() {}

  /**
   * Finds.
   *
   * @param building whether to find those that are being built, too
   */
  static Mono<List<ActiveRollup>> run(
      Connection connection, int tenantId, Instant day, boolean building) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", building)
                .bind("$3", day)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> rollup(row)))
        .collectList();
  }

  private static ActiveRollup rollup(Row row) {
    return new ActiveRollup(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Objects.requireNonNull(row.get(1, Integer.class)),
        Objects.requireNonNull(row.get(2, String.class)),
        Arrays.stream(Objects.requireNonNull(row.get(3, String[].class)))
            .map(Dimension::parse)
            .toList(),
        Objects.requireNonNull(row.get(4, Short.class)));
  }
}
