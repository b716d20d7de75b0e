package dev.windrow.ingest.correction;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes a number for a correction, and says on whose behalf the transaction changes things. */
final class BeginCorrection {
  private static final String SQL =
      "SELECT nextval('ingest_batch_ids'), set_config('windrow.actor', $1, true)";

  private BeginCorrection() {}

  static Mono<Long> run(Connection connection, String actor) {
    return Flux.from(connection.createStatement(SQL).bind("$1", actor).execute())
        .concatMap(
            result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
        .single();
  }
}
