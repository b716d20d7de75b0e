package dev.windrow.ingest.retention;

import dev.windrow.ingest.accept.AcceptancePolicy;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One round of a tenant's retention by the one who keeps it: moves its horizons as far as they may,
 * and deletes its own rows before those that were moved long enough ago, where another tenant still
 * keeps the partition. For one round at a time.
 */
final class TenantRound {
  private static final Logger log = LoggerFactory.getLogger(TenantRound.class);

  private final RetentionSettings settings;
  private final int tenantId;
  private final DayGuard guard;
  private final OldTransactions transactions = new OldTransactions();
  // What this round waits for.
  private final Set<String> changes = new HashSet<>();
  // Those who keep as long let go within a round or two of each other. What they will then drop
  // together is not worth deleting from.
  private static final int ROUNDS_OF_OTHERS = 5;

  // Partitions without rows of the tenant. Should a flush that was late bring some, they are before
  // the horizon, and go with the partition.
  private final Set<String> cleared = new HashSet<>();

  TenantRound(RetentionSettings settings, int tenantId) {
    this.settings = settings;
    this.tenantId = tenantId;
    this.guard = new DayGuard(tenantId);
  }

  Mono<Void> run(PostgresqlConnection connection) {
    return Mono.fromRunnable(changes::clear)
        .then(Mono.defer(() -> FindPartitions.run(connection).collectList()))
        .flatMap(
            partitions ->
                ReadHorizons.run(connection, tenantId)
                    .flatMap(horizons -> move(connection, partitions, horizons))
                    .then(Mono.defer(() -> delete(connection, partitions))))
        .then(Mono.fromRunnable(() -> transactions.keepOnly(changes)));
  }

  private Mono<Void> move(
      PostgresqlConnection connection, List<Partition> partitions, Map<Tier, Horizon> horizons) {
    return Flux.fromIterable(horizons.values())
        .concatMap(
            horizon ->
                reach(connection, partitions, horizon)
                    .filter(to -> to.isAfter(horizon.own()))
                    .flatMap(
                        to ->
                            MoveHorizon.run(connection, tenantId, horizon.tier(), to)
                                .doOnSuccess(
                                    done ->
                                        log.info(
                                            "the horizon of tier {} is {} now",
                                            horizon.tier().label(),
                                            to))),
            0)
        .then();
  }

  /** How far a horizon may be moved. */
  private Mono<Instant> reach(
      PostgresqlConnection connection, List<Partition> partitions, Horizon horizon) {
    Tier tier = horizon.tier();
    Instant own = horizon.own();
    if (tier == Tier.DAY) {
      Instant day = DuePartitions.cutoffDay(horizon.now(), settings.day());
      return Mono.just(day.isAfter(own) ? day : own);
    }
    List<Partition> due =
        DuePartitions.of(
            partitions, tier, own, DuePartitions.cutoff(horizon.now(), settings.of(tier)));
    if (tier != Tier.RAW) {
      return Mono.just(due.isEmpty() ? own : due.get(due.size() - 1).to());
    }
    AtomicBoolean broken = new AtomicBoolean();
    return Flux.fromIterable(due)
        .concatMap(
            day ->
                broken.get()
                    ? Mono.<Instant>empty()
                    : guard
                        .mayGo(connection, day, true)
                        .doOnNext(may -> broken.set(!may))
                        .filter(may -> may)
                        .map(may -> day.to()),
            0)
        .reduce(own, (so, far) -> far);
  }

  // Horizons are read anew, and then who is running: whoever began before a move is among these.
  private Mono<Void> delete(PostgresqlConnection connection, List<Partition> partitions) {
    cleared.retainAll(partitions.stream().map(Partition::name).collect(Collectors.toSet()));
    return ReadHorizons.run(connection, tenantId)
        .zipWhen(horizons -> FindTransactions.run(connection))
        .flatMapMany(
            both ->
                Flux.fromIterable(both.getT1().values())
                    .filter(horizon -> isSettled(horizon, both.getT2())))
        .concatMap(horizon -> delete(connection, partitions, horizon), 0)
        .then();
  }

  /** Whether all who read keep to the horizon. */
  private boolean isSettled(Horizon horizon, Set<String> running) {
    if (horizon.own().equals(Instant.MIN)) {
      return false;
    }
    String change = horizon.tier().label() + " " + horizon.ownMovedAt();
    changes.add(change);
    return transactions.areGone(change, running) && horizon.ownRests(settings.grace());
  }

  private Mono<Void> delete(
      PostgresqlConnection connection, List<Partition> partitions, Horizon horizon) {
    if (horizon.tier() == Tier.DAY) {
      return DeleteBuckets.run(
              connection, tenantId, Tier.DAY, AcceptancePolicy.FLOOR, horizon.own())
          .doOnNext(deleted -> told(deleted, "buckets of days before " + horizon.own()))
          .onErrorResume(TenantRound::isInUse, error -> Mono.empty())
          .then();
    }
    Duration patience = settings.grace().plus(settings.pause().multipliedBy(ROUNDS_OF_OTHERS));
    if (!horizon.own().isAfter(horizon.common()) || !horizon.ownRests(patience)) {
      return Mono.empty();
    }
    return Flux.fromIterable(
            DuePartitions.between(partitions, horizon.tier(), horizon.common(), horizon.own()))
        .filter(one -> !cleared.contains(one.name()))
        .concatMap(
            one ->
                delete(connection, one)
                    .doOnNext(
                        deleted -> {
                          cleared.add(one.name());
                          told(deleted, "rows of " + one.name());
                        })
                    .onErrorResume(TenantRound::isInUse, error -> Mono.empty()),
            0)
        .then();
  }

  /** Empty if it is too early. */
  private Mono<Long> delete(PostgresqlConnection connection, Partition one) {
    if (one.tier() == Tier.RAW) {
      return FindTenantEvents.run(connection, tenantId, one)
          .flatMap(
              any ->
                  any
                      ? guard
                          .mayGo(connection, one, false)
                          .filter(may -> may)
                          .flatMap(may -> DeleteDayEvents.run(connection, tenantId, one))
                      : Mono.just(0L));
    }
    return FindUnsettled.aggregates(connection, tenantId, one.from(), one.to())
        .filter(unsettled -> !unsettled)
        .flatMap(
            settled -> DeleteBuckets.run(connection, tenantId, one.tier(), one.from(), one.to()));
  }

  /** What somebody has locked is for the next round. */
  private static boolean isInUse(Throwable error) {
    return SqlFailures.kind(error) == SqlFailures.Kind.CONFLICT;
  }

  private static void told(long deleted, String what) {
    if (deleted > 0) {
      log.info("deleted {} {}", deleted, what);
    }
  }
}
