package dev.windrow.runtime.sql;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.postgresql.api.PostgresTransactionDefinition;
import io.r2dbc.spi.IsolationLevel;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Reads in one snapshot: a REPEATABLE READ, READ ONLY transaction on a pooled connection, shielded
 * from its subscriber as {@link Transactions} are.
 */
public final class SnapshotReads {
  private static final PostgresTransactionDefinition SNAPSHOT =
      PostgresTransactionDefinition.from(IsolationLevel.REPEATABLE_READ).readOnly();

  private final Transactions transactions;

  public SnapshotReads(ConnectionPool pool) {
    transactions = new Transactions(pool, SNAPSHOT);
  }

  /**
   * Runs {@code work} in a snapshot of its own. It may be run a second time, from its beginning, if
   * a cancel that was meant for the connection's previous user stopped it. RESOURCE_EXHAUSTED if no
   * connection became free in time.
   */
  public <T> Mono<T> read(Function<ReadSession, Mono<T>> work) {
    return transactions.run(work);
  }
}
