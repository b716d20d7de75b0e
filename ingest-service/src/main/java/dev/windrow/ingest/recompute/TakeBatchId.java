package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes the number of a batch that no lane writes. */
public final class TakeBatchId {
  private static final String SQL = "SELECT nextval('ingest_batch_ids')";

  private TakeBatchId() {}

  /** One that no other batch has. */
  public static Mono<Long> run(Connection connection) {
    return Flux.from(connection.createStatement(SQL).execute())
        .concatMap(
            result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
        .single();
  }
}
