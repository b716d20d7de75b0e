package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes the new positions of producers whose ledgers this flush has locked. */
final class AdvanceProducers {
  private static final String SQL =
      """
      UPDATE producers AS p
      SET epoch = n.epoch, last_sequence = n.last_sequence, last_batch_id = $5, updated_at = now()
      FROM unnest($2::text[], $3::bigint[], $4::bigint[]) AS n (producer_id, epoch, last_sequence)
      WHERE p.tenant_id = $1 AND p.producer_id = n.producer_id
      """;

  private AdvanceProducers() {}

  static Mono<Void> run(
      Connection connection, int tenantId, long batchId, Map<String, Position> positions) {
    if (positions.isEmpty()) {
      return Mono.empty();
    }
    String[] ids = positions.keySet().toArray(new String[0]);
    Long[] epochs = positions.values().stream().map(Position::epoch).toArray(Long[]::new);
    Long[] sequences = positions.values().stream().map(Position::lastSequence).toArray(Long[]::new);
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", ids)
                .bind("$3", epochs)
                .bind("$4", sequences)
                .bind("$5", batchId)
                .execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
