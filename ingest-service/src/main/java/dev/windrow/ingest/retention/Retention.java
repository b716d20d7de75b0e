package dev.windrow.ingest.retention;

import dev.windrow.ingest.accept.RawHorizon;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Lets go what is older than it need be kept, round after round: by one process over all replicas,
 * on a connection that is opened for it. Every process learns in every round how far raw events
 * have been let go, for it must not take older ones. What goes wrong is logged when it begins, and
 * tried again.
 *
 * <p>Each round begins after the one before has ended, so a round's state is touched by one at a
 * time and the signals between them order what they see.
 */
public final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  private final ConnectionFactory factory;
  private final RetentionSettings settings;
  private final int tenantId;
  private final RawHorizon horizon;
  private final RetentionRound round;
  private @Nullable Disposable running;
  private boolean failing;

  /**
   * Retention, not yet started.
   *
   * @param tenantId whose events this process takes; what goes is of all tenants
   * @param horizon is told how far raw events have been let go
   */
  public Retention(
      ConnectionFactory factory, RetentionSettings settings, int tenantId, RawHorizon horizon) {
    this.factory = factory;
    this.settings = settings;
    this.tenantId = tenantId;
    this.horizon = horizon;
    this.round = new RetentionRound(settings);
  }

  public synchronized void start() {
    running =
        Mono.delay(settings.pause())
            .then(Mono.defer(this::look))
            .repeat()
            .subscribe(done -> {}, e -> log.error("retention broke", e));
  }

  /** A detach under way is finished by the database, or left pending for the next who comes. */
  public synchronized void close() {
    if (running != null) {
      running.dispose();
    }
  }

  private Mono<Boolean> look() {
    return Mono.usingWhen(
            Mono.<Connection>from(factory.create()).cast(PostgresqlConnection.class),
            this::look,
            PostgresqlConnection::close,
            (connection, error) -> connection.close(),
            // A day may be read for minutes: the database is told that nobody waits for it.
            connection -> connection.cancelRequest().then(connection.close()))
        .doOnSuccess(done -> failing = false)
        .onErrorResume(
            error -> {
              if (!failing) {
                failing = true;
                log.warn(
                    "retention failed and will be tried again: {} {}",
                    SqlFailures.kind(error),
                    error.toString());
              }
              return Mono.just(false);
            });
  }

  private Mono<Boolean> look(PostgresqlConnection connection) {
    return learn(connection)
        .then(Mono.defer(() -> BecomeKeeper.run(connection)))
        .flatMap(
            alone ->
                alone
                    ? round
                        .run(connection)
                        .then(Mono.defer(() -> learn(connection)))
                        .thenReturn(true)
                    : Mono.just(false));
  }

  private Mono<Void> learn(PostgresqlConnection connection) {
    return FindRawHorizon.run(connection, tenantId).doOnNext(horizon::moveTo).then();
  }
}
