package dev.windrow.ingest.correction;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes the number of a batch that no lane writes. */
final class TakeBatchId {
  private static final String SQL = "SELECT nextval('ingest_batch_ids')";

  private TakeBatchId() {}

  static Mono<Long> run(Connection connection) {
    return Flux.from(connection.createStatement(SQL).execute())
        .concatMap(
            result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
        .single();
  }
}
