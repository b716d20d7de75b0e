package dev.windrow.ingest.retention;

import dev.windrow.ingest.catalog.AdvisoryLock;
import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One round of dropping partitions by the one who does, for all tenants: ends detaches that were
 * interrupted, and drops what lies before the horizons of all, which were moved long enough ago.
 * Waits for nobody: what is in use is tried again in the next round. For one round at a time.
 */
final class PartitionRound {
  private static final Logger log = LoggerFactory.getLogger(PartitionRound.class);

  private final RetentionSettings settings;
  private final OldTransactions transactions = new OldTransactions();
  private final DayGuard guard = new DayGuard(AdvisoryLock.ALL_TENANTS);
  // What this round waits for.
  private final Set<String> changes = new HashSet<>();

  PartitionRound(RetentionSettings settings) {
    this.settings = settings;
  }

  Mono<Void> run(PostgresqlConnection connection) {
    return Mono.fromRunnable(changes::clear)
        .then(Mono.defer(() -> endDetaches(connection)))
        .then(Mono.defer(() -> FindPartitions.run(connection).collectList()))
        .flatMap(partitions -> letGo(connection, partitions))
        .then(Mono.fromRunnable(() -> transactions.keepOnly(changes)));
  }

  // FINALIZE itself waits for older snapshots, but has the partition locked meanwhile: who still
  // sees it would wait, too.
  private Mono<Void> endDetaches(PostgresqlConnection connection) {
    return FindPartitions.run(connection)
        .filter(partition -> partition.state() == Partition.State.PENDING)
        .collectList()
        .flatMap(
            pending ->
                pending.isEmpty()
                    ? Mono.empty()
                    : FindTransactions.run(connection)
                        .flatMapMany(
                            running ->
                                Flux.fromIterable(pending)
                                    .filter(one -> areGone("pending " + one.name(), running)))
                        .concatMap(
                            one -> orLater(one, DetachPartition.finalizePending(connection, one)),
                            0)
                        .then());
  }

  // Horizons are read anew, and then who is running: whoever began before a move is among these.
  private Mono<Void> letGo(PostgresqlConnection connection, List<Partition> partitions) {
    return ReadHorizons.run(connection, AdvisoryLock.ALL_TENANTS)
        .zipWhen(horizons -> FindTransactions.run(connection))
        .flatMapMany(
            both ->
                Flux.fromIterable(both.getT1().values())
                    .filter(horizon -> isSettled(horizon, both.getT2())))
        .concatMap(horizon -> letGo(connection, partitions, horizon), 0)
        .then();
  }

  /** Whether all who read keep to a horizon. */
  private boolean isSettled(Horizon horizon, Set<String> running) {
    return !horizon.furthest().equals(Instant.MIN)
        && areGone(
            horizon.tier().label() + " " + horizon.common() + " " + horizon.movedAt(), running)
        && horizon.rests(settings.grace());
  }

  private boolean areGone(String change, Set<String> running) {
    changes.add(change);
    return transactions.areGone(change, running);
  }

  private Mono<Void> letGo(
      PostgresqlConnection connection, List<Partition> partitions, Horizon horizon) {
    return Flux.fromIterable(DuePartitions.before(partitions, horizon.tier(), horizon.furthest()))
        .filter(one -> isEverybodys(one, horizon))
        .concatMap(one -> orLater(one, letGo(connection, one)), 0)
        .then();
  }

  // A table that is detached was let go by everybody, and who came since has nothing in it: it
  // would only be in the way of what he brings.
  private static boolean isEverybodys(Partition one, Horizon horizon) {
    return one.state() == Partition.State.DETACHED || !one.to().isAfter(horizon.common());
  }

  private Mono<Void> letGo(PostgresqlConnection connection, Partition one) {
    return switch (one.state()) {
      case PENDING -> Mono.empty();
      case ATTACHED ->
          isKeptElsewhere(connection, one)
              .filter(kept -> kept)
              .flatMap(
                  kept ->
                      DetachPartition.run(connection, one)
                          .then(Mono.defer(() -> drop(connection, one))));
      case DETACHED -> drop(connection, one);
    };
  }

  // A flush may have come between the check and the detach, though its events would be more than an
  // hour older than any that are taken. Its aggregates count as ever. But if it left them unfolded,
  // they are made of its events, should its process end: then the day is taken back until they are.
  private static Mono<Void> drop(PostgresqlConnection connection, Partition one) {
    Mono<Boolean> needed =
        one.tier() == Tier.RAW
            ? FindUnsettled.events(connection, AdvisoryLock.ALL_TENANTS, one.from(), one.to())
            : Mono.just(false);
    return needed.flatMap(
        take ->
            take
                ? AttachPartition.run(connection, one)
                    .doOnSuccess(done -> log.info("took {} back", one.name()))
                : DropPartition.run(connection, one)
                    .doOnSuccess(done -> log.info("dropped {}", one.name())));
  }

  private Mono<Boolean> isKeptElsewhere(PostgresqlConnection connection, Partition one) {
    return one.tier() == Tier.RAW
        ? guard.mayGo(connection, one, false)
        : FindUnsettled.aggregates(connection, AdvisoryLock.ALL_TENANTS, one.from(), one.to())
            .map(unsettled -> !unsettled);
  }

  /** What somebody has in use is for the next round; so is a second detach beside a pending one. */
  private static Mono<Void> orLater(Partition partition, Mono<Void> step) {
    return step.onErrorResume(
        error -> SqlFailures.kind(error) == SqlFailures.Kind.CONFLICT || isPending(error),
        error -> {
          log.debug("{} is in use: {}", partition.name(), error.toString());
          return Mono.empty();
        });
  }

  // "object not in prerequisite state": another partition of the same table is being detached.
  private static boolean isPending(Throwable error) {
    return "55000".equals(SqlFailures.sqlState(error));
  }
}
