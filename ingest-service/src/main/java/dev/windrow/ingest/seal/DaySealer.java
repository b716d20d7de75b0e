package dev.windrow.ingest.seal;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.metrics.UpkeepMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.ingest.upkeep.BecomeAlone;
import dev.windrow.ingest.upkeep.Upkeep;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Seals days: looks now and then for a day that is over and has rested, and builds the index that
 * makes one entity's events cheap to find there. One day at a time, by one process over all
 * replicas, on a connection that is opened for it. Only the cost of reading depends on it.
 *
 * <p>{@link RestingDays} is touched by one look of {@link Upkeep} at a time.
 */
public final class DaySealer {
  private static final Logger log = LoggerFactory.getLogger(DaySealer.class);
  // Between looks; shorter if days need to rest less.
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int LOOKS_WHILE_RESTING = 2;

  private final ConnectionFactory factory;
  private final RestingDays resting;
  private final LongSupplier nanoTime;
  private final Upkeep upkeep;

  /**
   * A sealer, not yet started.
   *
   * @param quiet how long a day must have got no runs
   * @param nanoTime as {@link System#nanoTime}
   */
  public DaySealer(
      ConnectionFactory factory, Duration quiet, LongSupplier nanoTime, UpkeepMetrics metrics) {
    this.factory = factory;
    this.resting = new RestingDays(quiet);
    Duration part = quiet.dividedBy(LOOKS_WHILE_RESTING);
    Duration pause = part.compareTo(LONGEST_PAUSE) < 0 ? part : LONGEST_PAUSE;
    this.nanoTime = nanoTime;
    this.upkeep = new Upkeep(UpkeepTask.SEALING, metrics, () -> pause, Mono.defer(this::look));
  }

  public void start() {
    upkeep.start();
  }

  /** An index under way is finished by the database, or given up; the next look finds it so. */
  public void close() {
    upkeep.close();
  }

  private Mono<Boolean> look() {
    return Mono.usingWhen(
        Mono.<Connection>from(factory.create()),
        connection ->
            BecomeAlone.run(connection, AdvisoryLock.SEALING, AdvisoryLock.ALL_TENANTS)
                .flatMap(alone -> alone ? sealAll(connection) : Mono.just(false)),
        Connection::close);
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
