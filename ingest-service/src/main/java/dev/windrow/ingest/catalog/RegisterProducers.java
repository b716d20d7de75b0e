package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Gives producers that this process has not met a ledger at position 0, so that a flush can lock
 * it.
 */
final class RegisterProducers {
  private static final String SQL =
      """
      INSERT INTO producers (tenant_id, producer_id, epoch, last_sequence)
      SELECT $1, producer_id, 0, 0 FROM unnest($2::text[]) AS new (producer_id) ORDER BY producer_id
      ON CONFLICT DO NOTHING
      """;

  private RegisterProducers() {}

  static Mono<Void> run(Connection connection, int tenantId, Collection<String> producers) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", producers.toArray(new String[0]))
                .execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
