package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads and locks the ledgers of producers until the flush ends. */
final class LockProducers {
  // Sorted: flushes with the same producers wait for each other in one order.
  private static final String SQL =
      """
      SELECT producer_id, epoch, last_sequence, coalesce(last_batch_id, 0) FROM producers
      WHERE tenant_id = $1 AND producer_id = ANY ($2) ORDER BY producer_id FOR UPDATE
      """;

  private LockProducers() {}

  static Mono<Map<String, Position>> run(
      Connection connection, int tenantId, Collection<String> producers) {
    if (producers.isEmpty()) {
      return Mono.just(Map.of());
    }
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", producers.toArray(new String[0]))
                .execute())
        .flatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        Map.entry(
                            Objects.requireNonNull(row.get(0, String.class)),
                            new Position(
                                Objects.requireNonNull(row.get(1, Long.class)),
                                Objects.requireNonNull(row.get(2, Long.class)),
                                Objects.requireNonNull(row.get(3, Long.class))))))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
