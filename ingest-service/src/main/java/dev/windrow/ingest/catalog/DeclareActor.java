package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Says on whose behalf a session changes things, for the audit; until it ends. */
public final class DeclareActor {
  private static final String SQL = "SELECT set_config('windrow.actor', $1, false)";

  private DeclareActor() {}

  /** On a connection that is nobody else's. */
  public static Mono<Void> run(Connection connection, String actor) {
    return Flux.from(connection.createStatement(SQL).bind("$1", actor).execute())
        .concatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
