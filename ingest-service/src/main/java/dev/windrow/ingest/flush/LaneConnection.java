package dev.windrow.ingest.flush;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The one database connection of a lane: opened when needed, kept, dropped after trouble. Used by
 * one flush at a time, each step of which happens-before the next, so a plain field is enough.
 */
final class LaneConnection {
  private static final Logger log = LoggerFactory.getLogger(LaneConnection.class);

  // An acknowledgement means durable: a session that would answer earlier is put right. What is
  // stronger, such as remote_apply, stays.
  private static final String DURABLE_COMMITS =
      """
      SELECT set_config('synchronous_commit', 'on', false)
      WHERE current_setting('synchronous_commit') IN ('off', 'local')
      """;

  // COPY leaves its pages to the operating system, which would write them out in bursts of seconds'
  // worth, and every COMMIT waits behind those: rather a megabyte at a time, unless somebody has
  // set it or the platform cannot.
  private static final String STEADY_WRITES =
      """
      SELECT set_config('backend_flush_after', '1MB', false) FROM pg_settings
      WHERE name = 'backend_flush_after' AND setting = '0' AND max_val <> '0'
      """;

  private static final Duration ROLLBACK = Duration.ofSeconds(5);

  private final ConnectionFactory factory;
  private @Nullable PostgresqlConnection connection;

  LaneConnection(ConnectionFactory factory) {
    this.factory = factory;
  }

  Mono<PostgresqlConnection> get() {
    return Mono.defer(
        () -> {
          PostgresqlConnection open = connection;
          return open != null ? Mono.just(open) : open();
        });
  }

  private Mono<PostgresqlConnection> open() {
    return Mono.<Connection>from(factory.create())
        .cast(PostgresqlConnection.class)
        .flatMap(
            fresh ->
                Flux.just(DURABLE_COMMITS, STEADY_WRITES)
                    .concatMap(sql -> fresh.createStatement(sql).execute())
                    .concatMap(result -> result.map((row, metadata) -> true))
                    .then(Mono.just(fresh))
                    .onErrorResume(e -> fresh.close().then(Mono.error(e)))
                    .doOnCancel(() -> close(fresh)))
        .doOnNext(fresh -> connection = fresh);
  }

  /** Ends an open transaction; a connection that cannot is dropped. Never an error. */
  Mono<Void> rollback() {
    return Mono.defer(
        () -> {
          PostgresqlConnection open = connection;
          return open == null
              ? Mono.empty()
              : open.rollbackTransaction().timeout(ROLLBACK).onErrorResume(e -> drop());
        });
  }

  /** Closes the connection. Never an error. */
  Mono<Void> drop() {
    return Mono.defer(
        () -> {
          PostgresqlConnection open = connection;
          connection = null;
          if (open == null) {
            return Mono.empty();
          }
          close(open);
          return Mono.empty();
        });
  }

  // Not waited for: the peer may be gone, and nothing depends on its goodbye.
  private static void close(PostgresqlConnection lost) {
    lost.close()
        .subscribe(done -> {}, e -> log.debug("closing a lost connection: {}", e.toString()));
  }
}
