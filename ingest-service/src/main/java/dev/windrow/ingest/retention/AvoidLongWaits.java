package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Has the statements of a session give up soon if they must wait for others. */
final class AvoidLongWaits {
  private static final String SQL = "SET lock_timeout = '2s'";

  private AvoidLongWaits() {}

  static Mono<Void> run(Connection connection) {
    return Flux.from(connection.createStatement(SQL).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
