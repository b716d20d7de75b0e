package dev.windrow.ingest.seal;

import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * Seals days: looks now and then for a day that is over and has rested, and builds the index that
 * makes one entity's events cheap to find there. One day at a time, by one process over all
 * replicas, on a connection that is opened for it. Only the cost of reading depends on it; what
 * goes wrong is logged when it begins, and tried again.
 *
 * <p>Each look begins after the one before has ended, so {@link RestingDays} is touched by one at a
 * time and the signals between them order what they see.
 */
public final class DaySealer {
  private static final Logger log = LoggerFactory.getLogger(DaySealer.class);
  // Between looks; shorter if days need to rest less.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int LOOKS_WHILE_RESTING = 2;

  private final ConnectionFactory factory;
  private final RestingDays resting;
  private final Duration pause;
  private final LongSupplier nanoTime;
  private @Nullable Disposable running;
  private boolean failing;

  /**
   * A sealer, not yet started.
   *
   * @param quiet how long a day must have got no runs
   * @param nanoTime as {@link System#nanoTime}
   */
  public DaySealer(ConnectionFactory factory, Duration quiet, LongSupplier nanoTime) {
    this.factory = factory;
    this.resting = new RestingDays(quiet);
    Duration part = quiet.dividedBy(LOOKS_WHILE_RESTING);
    this.pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
    this.nanoTime = nanoTime;
  }

  public synchronized void start() {
    running =
        Mono.delay(pause)
            .then(Mono.defer(this::look))
            .repeat()
            .subscribe(done -> {}, e -> log.error("sealing broke", e));
  }

  /** An index under way is finished by the database, or given up; the next look finds it so. */
  public synchronized void close() {
    if (running != null) {
      running.dispose();
    }
  }

  private Mono<Boolean> look() {
    return Mono.usingWhen(
            Mono.<Connection>from(factory.create()),
            connection ->
                BecomeSealer.run(connection)
                    .flatMap(alone -> alone ? sealAll(connection) : Mono.just(false)),
            Connection::close)
        .doOnSuccess(done -> failing = false)
        .onErrorResume(
            error -> {
              if (!failing) {
                failing = true;
                log.warn(
                    "a day could not be sealed and will be tried again: {} {}",
                    SqlFailures.kind(error),
                    error.toString());
              }
              return Mono.just(false);
            });
  }

  private Mono<Boolean> sealAll(Connection connection) {
    return FindUnsealed.run(connection)
        .collectList()
        .flatMapIterable(days -> resting.look(days, nanoTime.getAsLong()))
        .concatMap(day -> seal(connection, day))
        .then(Mono.just(true));
  }

  private static Mono<Void> seal(Connection connection, UnsealedDay day) {
    return IndexRuns.run(connection, day).doOnSuccess(done -> log.info("sealed {}", day.date()));
  }
}
