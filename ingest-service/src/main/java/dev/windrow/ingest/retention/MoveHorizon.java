package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Moves the horizon of a tier, for all tenants at once, and commits. */
final class MoveHorizon {
  private static final String SQL =
      """
      INSERT INTO retention_horizons AS h (tenant_id, tier, from_at, moved_at)
      SELECT tenant_id, $1, $2, clock_timestamp() FROM tenants
      ON CONFLICT (tenant_id, tier) DO UPDATE SET from_at = EXCLUDED.from_at, moved_at = EXCLUDED.moved_at
      WHERE h.from_at < EXCLUDED.from_at
      """;

  private MoveHorizon() {}

  /** Outside of transactions. */
  static Mono<Void> run(Connection connection, Tier tier, Instant from) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", tier.label()).bind("$2", from).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
