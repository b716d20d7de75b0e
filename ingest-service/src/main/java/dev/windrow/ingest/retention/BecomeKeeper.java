package dev.windrow.ingest.retention;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks to be the one who lets old data go until the connection is closed: partitions cannot be
 * detached within a transaction.
 */
final class BecomeKeeper {
  private static final String LOCK = "SELECT pg_try_advisory_lock($1, 0)";

  private BecomeKeeper() {}

  /** Whether nobody else is. */
  static Mono<Boolean> run(Connection connection) {
    return Flux.from(
            connection.createStatement(LOCK).bind("$1", AdvisoryLock.RETENTION.classId()).execute())
        .flatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
