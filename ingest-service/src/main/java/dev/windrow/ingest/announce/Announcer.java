package dev.windrow.ingest.announce;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Tells those who listen that something was committed, at once and then at most every 50 ms, on a
 * connection of its own. Not in the transactions that commit: while one of those notifies, no other
 * may commit that does, so all lanes would go one after the other.
 *
 * <p>{@link #committed} is called by any thread and never waits. Commits that come while one is
 * told are told together, after it. What cannot be told is lost, which costs a listener time and
 * nothing else; so is, of two commits in the same instant, the telling of one.
 */
public final class Announcer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Announcer.class);
  private static final Duration PAUSE = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final ConnectionFactory factory;
  private final String tenant;
  private final Sinks.Many<Boolean> commits = Sinks.many().multicast().directBestEffort();
  // Touched by one telling at a time, and at the end.
  private volatile @Nullable PostgresqlConnection connection;
  private volatile Disposable telling = Disposables.disposed();

  /** Tells nothing yet. */
  public Announcer(ConnectionFactory factory, String tenant) {
    this.factory = factory;
    this.tenant = tenant;
  }

  public void start() {
    telling =
        commits
            .asFlux()
            .onBackpressureLatest()
            // Nothing is fetched ahead: the one that waits is the latest.
            .concatMap(
                commit -> tell().then(Mono.delay(PAUSE)).subscribeOn(Schedulers.parallel()), 0)
            .subscribe();
  }

  /** Something has become visible. */
  public void committed() {
    commits.tryEmitNext(true);
  }

  @Override
  public void close() {
    telling.dispose();
    drop();
  }

  private Mono<Void> tell() {
    return Mono.defer(this::connected)
        .flatMap(open -> NotifyAppended.run(open, tenant))
        .timeout(PATIENCE)
        .onErrorResume(
            error -> {
              log.debug("nobody was told of a commit: {}", error.toString());
              drop();
              return Mono.empty();
            });
  }

  private Mono<PostgresqlConnection> connected() {
    PostgresqlConnection open = connection;
    if (open != null) {
      return Mono.just(open);
    }
    return Mono.<Connection>from(factory.create())
        .cast(PostgresqlConnection.class)
        .doOnNext(fresh -> connection = fresh);
  }

  private void drop() {
    PostgresqlConnection open = connection;
    connection = null;
    if (open != null) {
      open.close()
          .subscribe(done -> {}, e -> log.debug("closing a lost connection: {}", e.toString()));
    }
  }
}
