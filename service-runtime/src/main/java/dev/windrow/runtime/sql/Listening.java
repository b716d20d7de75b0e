package dev.windrow.runtime.sql;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.ValidationDepth;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Listens to a channel of PostgreSQL, on a connection of its own, which is opened again whenever it
 * is lost. What is told in between is lost: it is a hint, and whoever listens must look by himself,
 * too. Used by one thread.
 */
public final class Listening {
  private static final Logger log = LoggerFactory.getLogger(Listening.class);
  private static final String LISTEN = "LISTEN ";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(30);
  // A connection that carries nothing may be dead for hours before anybody notices.
  private static final Duration VALIDATION = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConnectionFactory factory;
  private final String channel;
  private Disposable listening = Disposables.disposed();

  /**
   * Listens to nothing yet.
   *
   * @param channel a constant name of ours: it becomes part of a statement
   */
  public Listening(ConnectionFactory factory, String channel) {
    this.factory = factory;
    this.channel = channel;
  }

  /**
   * Begins.
   *
   * @param told given what was told, by any thread; empty if something may have been while nobody
   *     listened
   */
  public void start(Consumer<String> told) {
    listening =
        Flux.usingWhen(
                Mono.<Connection>from(factory.create()).cast(PostgresqlConnection.class),
                connection -> signals(connection),
                PostgresqlConnection::close)
            // The server's end of it must not be the end of listening.
            .concatWith(Mono.error(() -> new IOException("the connection was closed")))
            .retryWhen(
                Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                    .maxBackoff(LAST_PAUSE)
                    .transientErrors(true)
                    .doBeforeRetry(
                        lost -> log.debug("not listening: {}", lost.failure().toString())))
            .subscribe(told);
  }

  public void stop() {
    listening.dispose();
  }

  private Flux<String> signals(PostgresqlConnection connection) {
    Flux<String> notifications =
        connection
            .getNotifications()
            .filter(notification -> notification.getName().equals(channel))
            .map(notification -> Objects.requireNonNullElse(notification.getParameter(), ""));
    // Something may have been told while nobody listened.
    Mono<String> begun =
        connection
            .createStatement(LISTEN + channel)
            .execute()
            .concatMap(Result::getRowsUpdated)
            .then(Mono.just(""));
    return Flux.merge(notifications, begun, lost(connection));
  }

  // Never a signal; an error once the connection does not answer.
  private static Flux<String> lost(PostgresqlConnection connection) {
    return Flux.interval(VALIDATION)
        .onBackpressureDrop()
        .concatMap(
            tick ->
                Mono.from(connection.validate(ValidationDepth.REMOTE))
                    .timeout(PATIENCE)
                    .filter(valid -> !valid)
                    .flatMap(
                        dead -> Mono.<String>error(new IOException("the server does not answer"))),
            1);
  }
}
