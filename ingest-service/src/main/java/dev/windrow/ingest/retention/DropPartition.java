package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Drops a table that was detached. */
final class DropPartition {
  // Names cannot be parameters. These are made of constants and the digits of a date.
  private static final String SQL = "DROP TABLE %s";

  private DropPartition() {}

  static Mono<Void> run(Connection connection, Partition partition) {
    return Flux.from(connection.createStatement(SQL.formatted(partition.name())).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
