package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds up to when a tenant's raw events have been let go. */
public final class FindRawHorizon {
  private static final String SQL =
      "SELECT from_at FROM retention_horizons WHERE tenant_id = $1 AND tier = 'raw'";

  private FindRawHorizon() {}

  /** Empty if everything is kept. */
  public static Mono<Instant> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .flatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Instant.class))))
        .singleOrEmpty();
  }
}
