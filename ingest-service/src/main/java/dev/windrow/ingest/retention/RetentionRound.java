package dev.windrow.ingest.retention;

import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One round of retention by the one who keeps it: ends detaches that were interrupted, moves
 * horizons as far as they may, and drops what lies before those that were moved long enough ago.
 * Waits for nobody: what is in use is tried again in the next round. For one round at a time.
 */
final class RetentionRound {
  private static final Logger log = LoggerFactory.getLogger(RetentionRound.class);

  private final RetentionSettings settings;
  private final OldTransactions transactions = new OldTransactions();
  private final HeldDays held = new HeldDays();
  // What this round waits for.
  private final Set<String> changes = new HashSet<>();

  RetentionRound(RetentionSettings settings) {
    this.settings = settings;
  }

  Mono<Void> run(PostgresqlConnection connection) {
    return Mono.fromRunnable(changes::clear)
        .then(AvoidLongWaits.run(connection))
        .then(Mono.defer(() -> endDetaches(connection)))
        .then(Mono.defer(() -> FindPartitions.run(connection).collectList()))
        .flatMap(
            partitions ->
                ReadHorizons.run(connection, settings.grace())
                    .flatMap(horizons -> move(connection, partitions, horizons))
                    .then(Mono.defer(() -> letGo(connection, partitions))))
        .then(Mono.fromRunnable(() -> transactions.keepOnly(changes)));
  }

  // FINALIZE itself waits for older snapshots, but has the partition locked meanwhile: who still
  // sees it
  // would wait, too.
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

  private Mono<Void> move(
      PostgresqlConnection connection, List<Partition> partitions, Map<Tier, Horizon> horizons) {
    return Flux.fromIterable(horizons.values())
        .concatMap(
            horizon ->
                reach(connection, partitions, horizon)
                    // A tenant that was added since has to follow, too.
                    .filter(to -> to.isAfter(horizon.common()))
                    .flatMap(
                        to ->
                            MoveHorizon.run(connection, horizon.tier(), to)
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
    Instant furthest = horizon.furthest();
    if (tier == Tier.DAY) {
      Instant day = DuePartitions.cutoffDay(horizon.now(), settings.day());
      return Mono.just(day.isAfter(furthest) ? day : furthest);
    }
    List<Partition> due =
        DuePartitions.of(
            partitions, tier, furthest, DuePartitions.cutoff(horizon.now(), settings.of(tier)));
    if (tier != Tier.RAW) {
      return Mono.just(due.isEmpty() ? furthest : due.get(due.size() - 1).to());
    }
    AtomicBoolean broken = new AtomicBoolean();
    return Flux.fromIterable(due)
        .concatMap(
            day ->
                broken.get()
                    ? Mono.<Instant>empty()
                    : mayGo(connection, day, true)
                        .doOnNext(may -> broken.set(!may))
                        .filter(may -> may)
                        .map(may -> day.to()),
            0)
        .reduce(furthest, (so, far) -> far);
  }

  /** Whether all that the events of a day say is kept elsewhere. */
  private Mono<Boolean> mayGo(PostgresqlConnection connection, Partition day, boolean whole) {
    if (!held.isTime(day.begin())) {
      return Mono.just(false);
    }
    return DayCheck.run(connection, day, whole)
        .doOnNext(
            verdict -> {
              if (held.note(day.begin(), verdict)) {
                verdict.drifts().forEach(drift -> tell(day, drift));
              }
            })
        .map(DayVerdict::mayGo);
  }

  private static void tell(Partition day, Drift drift) {
    log.atWarn()
        .addKeyValue("day", day.begin())
        .addKeyValue("tenant", drift.tenantId())
        .addKeyValue("rollup", drift.rollup())
        .addKeyValue("keys", drift.keys())
        .addKeyValue("example", drift.example())
        .log("raw events stay: a rollup does not say of the day what they say");
  }

  // Horizons are read anew, and then who is running: whoever began before a move is among these.
  private Mono<Void> letGo(PostgresqlConnection connection, List<Partition> partitions) {
    return ReadHorizons.run(connection, settings.grace())
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
    return !horizon.common().equals(Instant.MIN)
        && areGone(horizon.tier().label() + " " + horizon.movedAt(), running)
        && horizon.aged();
  }

  private boolean areGone(String change, Set<String> running) {
    changes.add(change);
    return transactions.areGone(change, running);
  }

  private Mono<Void> letGo(
      PostgresqlConnection connection, List<Partition> partitions, Horizon horizon) {
    if (horizon.tier() == Tier.DAY) {
      return delete(connection, horizon.common());
    }
    return Flux.fromIterable(DuePartitions.before(partitions, horizon.tier(), horizon.common()))
        .concatMap(one -> orLater(one, letGo(connection, one)), 0)
        .then();
  }

  private static Mono<Void> delete(PostgresqlConnection connection, Instant before) {
    return Mono.defer(() -> DeleteDayBuckets.run(connection, before))
        .repeat()
        .takeUntil(deleted -> deleted < DeleteDayBuckets.AT_ONCE)
        .reduce(0L, Long::sum)
        .doOnNext(
            deleted -> {
              if (deleted > 0) {
                log.info("deleted {} buckets of days before {}", deleted, before);
              }
            })
        .then();
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
  // they
  // are made of its events, should its process end: then the day is taken back until they are made.
  private static Mono<Void> drop(PostgresqlConnection connection, Partition one) {
    Mono<Boolean> needed =
        one.tier() == Tier.RAW
            ? FindUnsettled.events(connection, one.from(), one.to())
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
        ? mayGo(connection, one, false)
        : FindUnsettled.aggregates(connection, one.from(), one.to()).map(unsettled -> !unsettled);
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
