package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Grain;
import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads what retention has left of a day. All that is not let go in a snapshot stays there for it:
 * nothing goes while a transaction is running that began before the horizon was moved.
 */
final class ReadKeptTiers {
  private static final String EVENTS = "raw";
  // Horizons are beginnings of days, so they cut no day.
  private static final String GONE =
      "SELECT tier FROM retention_horizons WHERE tenant_id = $1 AND from_at > $2";

  private ReadKeptTiers() {}

  static Mono<KeptTiers> run(Connection connection, int tenantId, Instant day) {
    return Flux.from(
            connection.createStatement(GONE).bind("$1", tenantId).bind("$2", day).execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, String.class))))
        .collectList()
        .map(
            gone -> {
              Set<Grain> kept = EnumSet.allOf(Grain.class);
              kept.removeIf(grain -> gone.contains(grain.sqlName()));
              return new KeptTiers(!gone.contains(EVENTS), kept);
            });
  }
}
