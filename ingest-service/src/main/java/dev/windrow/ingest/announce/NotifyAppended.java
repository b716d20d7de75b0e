package dev.windrow.ingest.announce;

import dev.windrow.runtime.sql.AppendedChannel;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tells all who listen that a tenant has new events, in a transaction of its own. */
final class NotifyAppended {
  private static final String SQL = "SELECT pg_notify($1, $2)";

  private NotifyAppended() {}

  static Mono<Void> run(Connection connection, String tenant) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", AppendedChannel.NAME)
                .bind("$2", tenant)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
