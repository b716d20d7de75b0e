package dev.windrow.query.watch;

import dev.windrow.runtime.sql.AppendedChannel;
import io.r2dbc.postgresql.api.Notification;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.ValidationDepth;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Listens for ingest-services that tell of commits, on a connection of its own, which is opened
 * again whenever it is lost. What is told in between is lost: it is a hint, and looks for changes
 * are made without it, too. Used by one thread.
 */
public final class AppendSignals {
  private static final Logger log = LoggerFactory.getLogger(AppendSignals.class);
  private static final String LISTEN = "LISTEN " + AppendedChannel.NAME;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LAST_PAUSE = Duration.ofSeconds(30);
  // A connection that carries nothing may be dead for hours before anybody notices.
  private static final Duration VALIDATION = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConnectionFactory factory;
  private final String tenant;
  private Disposable listening = Disposables.disposed();

  /** Listens to nothing yet. */
  public AppendSignals(ConnectionFactory factory, String tenant) {
    this.factory = factory;
    this.tenant = tenant;
  }

  /**
   * Begins.
   *
   * @param told run when something may have been committed; by any thread
   */
  void start(Runnable told) {
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
            .subscribe(signal -> told.run());
  }

  void stop() {
    listening.dispose();
  }

  private Flux<Boolean> signals(PostgresqlConnection connection) {
    Flux<Boolean> notifications =
        connection.getNotifications().filter(this::isOurs).map(notification -> true);
    // Something may have been told while nobody listened.
    Mono<Boolean> begun =
        connection
            .createStatement(LISTEN)
            .execute()
            .concatMap(Result::getRowsUpdated)
            .then(Mono.just(true));
    return Flux.merge(notifications, begun, lost(connection));
  }

  private boolean isOurs(Notification notification) {
    return notification.getName().equals(AppendedChannel.NAME)
        && tenant.equals(notification.getParameter());
  }

  // Never a signal; an error once the connection does not answer.
  private static Flux<Boolean> lost(PostgresqlConnection connection) {
    return Flux.interval(VALIDATION)
        .onBackpressureDrop()
        .concatMap(
            tick ->
                Mono.from(connection.validate(ValidationDepth.REMOTE))
                    .timeout(PATIENCE)
                    .filter(valid -> !valid)
                    .flatMap(
                        dead -> Mono.<Boolean>error(new IOException("the server does not answer"))),
            1);
  }
}
