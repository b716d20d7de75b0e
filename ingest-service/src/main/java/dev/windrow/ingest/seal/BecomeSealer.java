package dev.windrow.ingest.seal;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Asks to be the one who seals until the connection is closed: an index cannot be built within a
 * transaction.
 */
final class BecomeSealer {
  private static final String LOCK = "SELECT pg_try_advisory_lock($1, 0)";

  private BecomeSealer() {}

  /** Whether nobody else is. */
  static Mono<Boolean> run(Connection connection) {
    return Flux.from(
            connection.createStatement(LOCK).bind("$1", AdvisoryLock.SEALING.classId()).execute())
        .flatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
