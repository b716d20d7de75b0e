package dev.windrow.runtime.sql;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.postgresql.api.PostgresTransactionDefinition;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.IsolationLevel;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads in one snapshot: a REPEATABLE READ, READ ONLY transaction on a pooled connection.
 *
 * <p>What runs on the connection is shielded from its subscriber. A cancel stops the {@link
 * ReadSession} and is then done; behind it the statement ends, the transaction is rolled back, and
 * only then does the connection return to the pool. Taking a connection is not cancelled either, so
 * none is lost on its way.
 */
public final class SnapshotReads {
  private static final PostgresTransactionDefinition SNAPSHOT =
      PostgresTransactionDefinition.from(IsolationLevel.REPEATABLE_READ).readOnly();
  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);
  private static final String QUERY_CANCELED = "57014";

  private final ConnectionPool pool;

  public SnapshotReads(ConnectionPool pool) {
    this.pool = pool;
  }

  /**
   * Runs {@code work} in a snapshot of its own. It may be run a second time, from its beginning, if
   * a cancel that was meant for the connection's previous user stopped it.
   */
  public <T> Mono<T> read(Function<ReadSession, Mono<T>> work) {
    return Mono.create(
        sink -> {
          Reading reading = new Reading();
          sink.onCancel(reading::cancel);
          attempt(reading, work)
              .onErrorResume(
                  error ->
                      reading.isStrayCancel(error) ? attempt(reading, work) : Mono.error(error))
              .contextWrite(sink.contextView())
              .subscribe(
                  sink::success,
                  error -> reading.unlessCancelled(() -> sink.error(error)),
                  sink::success);
        });
  }

  private <T> Mono<T> attempt(Reading reading, Function<ReadSession, Mono<T>> work) {
    return Mono.usingWhen(
        Mono.defer(pool::create).map(Lease::new),
        lease -> {
          reading.attach(lease.session());
          return Mono.from(lease.connection().beginTransaction(SNAPSHOT))
              .then(Mono.defer(() -> work.apply(lease.session())));
        },
        Lease::release,
        (lease, error) -> lease.release(),
        Lease::release);
  }

  /** One call of {@link #read}, which may be cancelled at any time. */
  private static final class Reading {
    private @Nullable ReadSession session;
    private boolean cancelled;

    void attach(ReadSession attached) {
      synchronized (this) {
        session = attached;
        if (!cancelled) {
          return;
        }
      }
      attached.stop(new CancellationException("cancelled before it began"));
    }

    void cancel() {
      ReadSession running;
      synchronized (this) {
        cancelled = true;
        running = session;
      }
      if (running != null) {
        running.stop(new CancellationException("cancelled"));
      }
    }

    synchronized boolean isStrayCancel(Throwable error) {
      return !cancelled && QUERY_CANCELED.equals(SqlFailures.sqlState(error));
    }

    void unlessCancelled(Runnable action) {
      synchronized (this) {
        if (cancelled) {
          return;
        }
      }
      action.run();
    }
  }

  /** A pooled connection in use. */
  private record Lease(Connection connection, ReadSession session) {
    Lease(Connection connection) {
      this(connection, ReadSession.on(connection));
    }

    // A connection that cannot even be rolled back is cut; the pool then finds it invalid.
    Mono<Void> release() {
      return session
          .settled()
          .then(Mono.defer(() -> Mono.from(connection.rollbackTransaction())))
          .timeout(RELEASE_TIMEOUT)
          .onErrorResume(error -> session.cut().timeout(RELEASE_TIMEOUT))
          .onErrorComplete()
          .then(Mono.defer(() -> Mono.from(connection.close())))
          .onErrorComplete();
    }
  }
}
