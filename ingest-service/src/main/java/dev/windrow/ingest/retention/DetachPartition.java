package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Detaches a partition, so that neither readers nor flushes wait for it. It waits for those that
 * have the parent in use; if that takes too long the detach is left pending, and {@link
 * #finalizePending} ends it later.
 */
final class DetachPartition {
  // Names cannot be parameters. These are made of constants and the digits of a date.
  private static final String DETACH = "ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY";
  private static final String FINALIZE = "ALTER TABLE %s DETACH PARTITION %s FINALIZE";

  private DetachPartition() {}

  /** Outside of transactions. */
  static Mono<Void> run(Connection connection, Partition partition) {
    return run(connection, DETACH, partition);
  }

  /** Outside of transactions. */
  static Mono<Void> finalizePending(Connection connection, Partition partition) {
    return run(connection, FINALIZE, partition);
  }

  private static Mono<Void> run(Connection connection, String text, Partition partition) {
    String sql = text.formatted(partition.tier().table(), partition.name());
    return Flux.from(connection.createStatement(sql).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
