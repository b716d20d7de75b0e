package dev.windrow.runtime.sql;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * One connection on which statements are read, and which can be stopped. Several may be begun at
 * once ({@link #together}): they are sent at once, and the server takes them one after the other.
 *
 * <p>A driver's result must never be cancelled: that leaves the connection unusable for whoever
 * gets it next, while the statement runs on. So nothing here cancels. Rows go to a consumer, and a
 * stop, or an error of the consumer, asks the server to cancel the statement, drops the rows that
 * still come, and lets the driver end the statement by itself.
 *
 * <p>Statements are begun by one thread at a time; {@link #stop} may come from any. The lock orders
 * the two, so that a statement is either not begun or is seen to run. Of several, the one that the
 * cancel hits takes the others with it, because its transaction is over then. All rows come on the
 * connection's event loop, those of one statement after those of another, so consumers may share
 * what they fill.
 */
public final class ReadSession {
  // A request may reach the server before its statement does, so it is repeated until it ends.
  private static final Duration CANCEL_PERIOD = Duration.ofMillis(200);
  // A server that does not answer for this many periods is gone: the connection is cut.
  private static final int CANCELS = 25;

  private final Connection connection;
  private final PostgresqlConnection physical;
  private final Sinks.Empty<Void> settled = Sinks.empty();
  private final Object lock = new Object();
  private int running;
  private boolean cancelling;
  private volatile @Nullable Throwable stopReason;

  private ReadSession(Connection connection, PostgresqlConnection physical) {
    this.connection = connection;
    this.physical = physical;
  }

  /**
   * A session on a connection that the caller owns, with whatever transaction it is in.
   *
   * @throws IllegalArgumentException if it does not lead to PostgreSQL
   */
  public static ReadSession on(Connection connection) {
    Object unwrapped = connection;
    while (true) {
      // The driver's own connection wraps something too, hence this order.
      if (unwrapped instanceof PostgresqlConnection physical) {
        return new ReadSession(connection, physical);
      }
      if (!(unwrapped instanceof Wrapped<?> wrapped)) {
        break;
      }
      unwrapped = wrapped.unwrap();
    }
    throw new IllegalArgumentException(
        "connection: must be one of PostgreSQL, got " + connection.getClass().getName());
  }

  /**
   * Runs a statement and hands each row to {@code consumer} while it streams; a row is valid only
   * within that call. If the consumer throws, the session stops and this ends with that error.
   */
  public Mono<Void> forEach(String sql, UnaryOperator<Statement> bind, Consumer<Row> consumer) {
    return Mono.defer(
        () -> {
          Throwable reason = begin();
          if (reason != null) {
            return Mono.error(reason);
          }
          return Flux.defer(() -> bind.apply(connection.createStatement(sql)).execute())
              // Delayed, because an error that is passed on at once cancels the driver's result.
              .concatMapDelayError(result -> consume(result, consumer))
              .then()
              .doOnTerminate(this::end)
              .materialize()
              .flatMap(
                  signal -> {
                    // The reason says more than the cancelled statement's own error.
                    Throwable stopped = stopReason;
                    if (stopped != null) {
                      return Mono.error(stopped);
                    }
                    Throwable error = signal.getThrowable();
                    return error == null ? Mono.empty() : Mono.error(error);
                  });
        });
  }

  /** Runs a statement of at most one row. */
  public <T> Mono<T> one(String sql, UnaryOperator<Statement> bind, Function<Row, T> map) {
    return Mono.defer(
        () -> {
          AtomicReference<@Nullable T> found = new AtomicReference<>();
          return forEach(sql, bind, row -> found.set(map.apply(row)))
              .then(Mono.fromSupplier(found::get));
        });
  }

  /**
   * Runs statements that do not wait for each other. The error is that of the first which fails:
   * the others follow from it.
   */
  public static Mono<Void> together(List<Mono<Void>> statements) {
    // Errors wait for the others: to cancel a statement is worse than to await its failure.
    return Mono.whenDelayError(statements).onErrorMap(SqlFailures::first);
  }

  /** Ends what runs soon, and begins no other. */
  public void stop(Throwable reason) {
    synchronized (lock) {
      if (stopReason == null) {
        stopReason = reason;
      }
      if (running == 0 || cancelling) {
        return;
      }
      cancelling = true;
    }
    requestCancel();
  }

  /** Completes once no cancel is under way any more that could hit the connection's next user. */
  Mono<Void> settled() {
    return Mono.defer(
        () -> {
          synchronized (lock) {
            return cancelling ? settled.asMono() : Mono.empty();
          }
        });
  }

  /** Commits the transaction that the connection is in. */
  Mono<Void> commit() {
    return Mono.from(connection.commitTransaction());
  }

  /** Closes the connection to the server, whatever state it is in. */
  Mono<Void> cut() {
    return physical.close();
  }

  private Flux<Boolean> consume(Result result, Consumer<Row> consumer) {
    return Flux.from(
        result.map(
            (row, metadata) -> {
              if (stopReason == null) {
                accept(row, consumer);
              }
              return Boolean.TRUE;
            }));
  }

  private void accept(Row row, Consumer<Row> consumer) {
    try {
      consumer.accept(row);
    } catch (RuntimeException e) {
      stop(e);
    }
  }

  private @Nullable Throwable begin() {
    synchronized (lock) {
      if (stopReason == null) {
        running++;
      }
      return stopReason;
    }
  }

  private void end() {
    synchronized (lock) {
      running--;
    }
  }

  private boolean isRunning() {
    synchronized (lock) {
      return running > 0;
    }
  }

  // Nobody waits for this in a chain of signals: it runs beside the statement that it ends.
  private void requestCancel() {
    Flux.interval(Duration.ZERO, CANCEL_PERIOD)
        .take(CANCELS)
        .takeWhile(n -> isRunning())
        .onBackpressureDrop()
        .concatMap(
            n -> physical.cancelRequest().timeout(CANCEL_PERIOD.multipliedBy(10)).onErrorComplete())
        .then(Mono.defer(() -> isRunning() ? cut().onErrorComplete() : Mono.empty()))
        .doFinally(signal -> settled.tryEmitEmpty())
        .subscribe();
  }
}
