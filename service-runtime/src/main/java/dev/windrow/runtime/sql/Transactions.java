package dev.windrow.runtime.sql;

import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.PoolMetrics;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcTimeoutException;
import io.r2dbc.spi.TransactionDefinition;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Transactions on pooled connections.
 *
 * <p>What runs on the connection is shielded from its subscriber. A cancel stops the {@link
 * ReadSession} and is then done; behind it the statement ends, the transaction is rolled back, and
 * only then does the connection return to the pool. Nor does an answer wait for that. Taking a
 * connection is not cancelled either, so none is lost on its way.
 */
final class Transactions {
  private static final Duration BEGIN_TIMEOUT = Duration.ofMillis(500);
  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);
  private static final String QUERY_CANCELED = "57014";

  private final ConnectionPool pool;
  private final TransactionDefinition definition;

  Transactions(ConnectionPool pool, TransactionDefinition definition) {
    this.pool = pool;
    this.definition = definition;
  }

  /**
   * Runs {@code work} in a transaction of its own, which is rolled back behind it unless it has
   * been committed by then. It may be run a second time, from its beginning, if a cancel that was
   * meant for the connection's previous user stopped it. RESOURCE_EXHAUSTED if no connection became
   * free in time.
   */
  <T> Mono<T> run(Function<ReadSession, Mono<T>> work) {
    return Mono.create(
        sink -> {
          Reading reading = new Reading();
          sink.onCancel(reading::cancel);
          Function<ReadSession, Mono<T>> answered =
              work.andThen(m -> m.doOnNext(value -> reading.answer(() -> sink.success(value))));
          attempt(reading, answered)
              .onErrorResume(
                  error ->
                      reading.isStrayCancel(error) ? attempt(reading, answered) : Mono.error(error))
              .contextWrite(sink.contextView())
              .subscribe(
                  value -> {},
                  error -> reading.unlessOver(() -> sink.error(error)),
                  () -> reading.unlessOver(sink::success));
        });
  }

  private <T> Mono<T> attempt(Reading reading, Function<ReadSession, Mono<T>> work) {
    return Mono.usingWhen(
        transaction(),
        lease -> {
          reading.attach(lease.session());
          return work.apply(lease.session());
        },
        Lease::release,
        (lease, error) -> lease.release(),
        Lease::release);
  }

  // After a restart of the database every pooled connection may be dead, one after the other; the
  // attempt after the last of them opens a new one. That a transaction begins tells a live one.
  private Mono<Lease> transaction() {
    int attempts = pool.getMetrics().map(PoolMetrics::getMaxAllocatedSize).orElse(1);
    return Mono.defer(pool::create)
        .map(Lease::new)
        .flatMap(lease -> lease.begin(definition))
        .retryWhen(Retry.max(attempts).filter(error -> !isBusy(error)))
        .onErrorMap(Exceptions::isRetryExhausted, Throwable::getCause)
        .onErrorMap(this::isBusy, Transactions::busy);
  }

  private boolean isBusy(Throwable error) {
    return error instanceof R2dbcTimeoutException
        && pool.getMetrics()
            .filter(metrics -> metrics.acquiredSize() >= metrics.getMaxAllocatedSize())
            .isPresent();
  }

  private static Throwable busy(Throwable cause) {
    return Failure.retryable(
            Status.Code.RESOURCE_EXHAUSTED,
            "OVERLOADED",
            "all connections to the database are in use",
            BUSY_PAUSE)
        .toException(cause);
  }

  /** One call of {@link #run}, which may be cancelled at any time. */
  private static final class Reading {
    private @Nullable ReadSession session;
    private boolean cancelled;
    private boolean answered;

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

    // What comes behind an answer must not be told any more: a completion would take the place of a
    // value that nobody has requested yet.
    void answer(Runnable action) {
      synchronized (this) {
        answered = true;
      }
      action.run();
    }

    void unlessOver(Runnable action) {
      synchronized (this) {
        if (cancelled || answered) {
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

    // One that does not begin in time is cut, as if it had failed.
    Mono<Lease> begin(TransactionDefinition definition) {
      return Mono.from(connection.beginTransaction(definition))
          .timeout(BEGIN_TIMEOUT)
          .thenReturn(this)
          .onErrorResume(error -> giveUp().then(Mono.error(error)));
    }

    private Mono<Void> giveUp() {
      return session
          .cut()
          .timeout(RELEASE_TIMEOUT)
          .onErrorComplete()
          .then(Mono.defer(() -> Mono.from(connection.close())))
          .onErrorComplete();
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
