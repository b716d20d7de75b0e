package dev.windrow.ingest.compaction;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes the partitions that deltas need anew: retention may have dropped them while a late event
 * was under way.
 */
final class RegisterDeltaDays {
  private static final String SQL =
      """
      SELECT ensure_event_days(ARRAY(
        SELECT DISTINCT (start_at AT TIME ZONE 'UTC')::date FROM rollup_deltas WHERE tenant_id = $1))
      """;

  private RegisterDeltaDays() {}

  static Mono<Void> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .flatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
