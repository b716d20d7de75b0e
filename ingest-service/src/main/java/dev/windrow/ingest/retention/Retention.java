package dev.windrow.ingest.retention;

import dev.windrow.ingest.accept.RawHorizon;
import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.ingest.metrics.UpkeepMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.ingest.upkeep.BecomeAlone;
import dev.windrow.ingest.upkeep.OwnConnection;
import dev.windrow.ingest.upkeep.Upkeep;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.publisher.Mono;

/**
 * Lets go what is older than it need be kept, round after round, on a connection that is opened for
 * it: one process over a tenant's replicas lets go of what the tenant has, and one over those of
 * all tenants drops what all have let go. Every process learns in every round how far raw events
 * have been let go, for it must not take older ones.
 *
 * <p>A round's state is touched by one round of {@link Upkeep} at a time.
 */
public final class Retention {
  private final ConnectionFactory factory;
  private final int tenantId;
  private final RawHorizon horizon;
  private final TenantRound own;
  private final PartitionRound common;
  private final Upkeep upkeep;

  /**
   * Retention, not yet started.
   *
   * @param tenantId whose events this process takes
   * @param horizon is told how far raw events have been let go
   */
  public Retention(
      ConnectionFactory factory,
      RetentionSettings settings,
      int tenantId,
      RawHorizon horizon,
      UpkeepMetrics metrics) {
    this.factory = factory;
    this.tenantId = tenantId;
    this.horizon = horizon;
    this.own = new TenantRound(settings, tenantId);
    this.common = new PartitionRound(settings);
    this.upkeep =
        new Upkeep(UpkeepTask.RETENTION, metrics, settings::pause, Mono.defer(this::look));
  }

  public void start() {
    upkeep.start();
  }

  /** A detach under way is finished by the database, or left pending for the next who comes. */
  public void close() {
    upkeep.close();
  }

  private Mono<Boolean> look() {
    return OwnConnection.use(factory, this::look);
  }

  private Mono<Boolean> look(PostgresqlConnection connection) {
    return learn(connection)
        .then(AvoidLongWaits.run(connection))
        .then(Mono.defer(() -> alone(connection, tenantId, own.run(connection))))
        .flatMap(
            mine ->
                alone(connection, AdvisoryLock.ALL_TENANTS, common.run(connection))
                    .map(all -> mine || all))
        .flatMap(any -> learn(connection).thenReturn(any));
  }

  /** Whether this process is the one, which then does it. */
  private static Mono<Boolean> alone(PostgresqlConnection connection, int whose, Mono<Void> round) {
    return BecomeAlone.run(connection, AdvisoryLock.RETENTION, whose)
        .flatMap(alone -> alone ? round.thenReturn(true) : Mono.just(false));
  }

  private Mono<Void> learn(PostgresqlConnection connection) {
    return FindRawHorizon.run(connection, tenantId).doOnNext(horizon::moveTo).then();
  }
}
