package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Moves a tenant's horizon of a tier, and commits. */
final class MoveHorizon {
  private static final String SQL =
      """
      INSERT INTO retention_horizons AS h (tenant_id, tier, from_at, moved_at)
      VALUES ($1, $2, $3, clock_timestamp())
      ON CONFLICT (tenant_id, tier) DO UPDATE SET from_at = EXCLUDED.from_at, moved_at = EXCLUDED.moved_at
      WHERE h.from_at < EXCLUDED.from_at
      """;

  private MoveHorizon() {}

  /** Outside of transactions. */
  static Mono<Void> run(Connection connection, int tenantId, Tier tier, Instant from) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", tier.label())
                .bind("$3", from)
                .execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
