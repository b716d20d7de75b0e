package dev.windrow.runtime.sql;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.postgresql.api.PostgresTransactionDefinition;
import io.r2dbc.spi.IsolationLevel;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Writes of a few rows in a READ COMMITTED transaction on a pooled connection, shielded from its
 * subscriber as {@link Transactions} are.
 */
public final class WriteTransactions {
  private static final PostgresTransactionDefinition DEFINITION =
      PostgresTransactionDefinition.from(IsolationLevel.READ_COMMITTED);

  private final Transactions transactions;

  public WriteTransactions(ConnectionPool pool) {
    transactions = new Transactions(pool, DEFINITION);
  }

  /**
   * Runs {@code work} and commits it; its result comes after the commit. After an error, or a
   * cancel, nothing was written, unless it came while the commit was under way: then nobody can
   * tell.
   */
  public <T> Mono<T> run(Function<ReadSession, Mono<T>> work) {
    return transactions.run(
        session ->
            work.apply(session)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .delayUntil(result -> session.commit())
                .flatMap(Mono::justOrEmpty));
  }
}
