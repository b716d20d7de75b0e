package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes a table back that was detached. Neither readers nor flushes wait for it. */
final class AttachPartition {
  // Names and bounds cannot be parameters. These are made of constants and the digits of dates.
  private static final String SQL =
      "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')";

  private AttachPartition() {}

  static Mono<Void> run(Connection connection, Partition partition) {
    String sql =
        SQL.formatted(partition.tier().table(), partition.name(), partition.from(), partition.to());
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
