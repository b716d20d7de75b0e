package dev.windrow.ingest.backlog;

import dev.windrow.ingest.metrics.BacklogMetrics;
import dev.windrow.ingest.metrics.UpkeepMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.ingest.upkeep.Upkeep;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;

/**
 * Looks now and then at what waits, and tells it as metrics, on a connection that is opened for the
 * look: apart from compaction, because what waits is of interest most while a step of that takes
 * long. Each replica looks for itself, and at most for a small part of the time.
 */
public final class BacklogWatch {
  // A delta of millions of rows takes a while to count; and where everything is slow, what waits is
  // of interest most.
  private static final int REST_PER_WORK = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ConnectionFactory factory;
  private final int tenantId;
  private final BacklogMetrics metrics;
  private final Duration pause;
  private final LongSupplier nanoTime;
  private final Upkeep upkeep;
  // Of the last look; touched by one at a time.
  private long tookNanos;

  /**
   * Looks at nothing yet.
   *
   * @param pause between looks, at least
   * @param nanoTime as {@link System#nanoTime}
   */
  public BacklogWatch(
      ConnectionFactory factory,
      int tenantId,
      BacklogMetrics metrics,
      UpkeepMetrics upkeep,
      Duration pause,
      LongSupplier nanoTime) {
    this.factory = factory;
    this.tenantId = tenantId;
    this.metrics = metrics;
    this.pause = pause;
    this.nanoTime = nanoTime;
    this.upkeep = new Upkeep(UpkeepTask.BACKLOG, upkeep, this::rest, Mono.defer(this::look));
  }

  public void start() {
    upkeep.start();
  }

  public void close() {
    upkeep.close();
  }

  private Duration rest() {
    Duration rest = Duration.ofNanos(REST_PER_WORK * tookNanos);
    return rest.compareTo(pause) > 0 ? rest : pause;
  }

  private Mono<Boolean> look() {
    long begin = nanoTime.getAsLong();
    return OwnConnection.use(factory, this::look)
        .timeout(PATIENCE)
        .doOnTerminate(() -> tookNanos = nanoTime.getAsLong() - begin)
        .thenReturn(true);
  }

  private Mono<Void> look(PostgresqlConnection connection) {
    return ReadDelta.run(connection, tenantId)
        .doOnNext(
            delta ->
                metrics.compaction(delta.rows(), delta.unfoldedEvents(), delta.oldestSeconds()))
        .then(Mono.defer(() -> ReadOpenJobs.run(connection, tenantId)))
        .doOnNext(metrics::jobs)
        .then();
  }
}
