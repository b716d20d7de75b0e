package dev.windrow.query.worth;

import dev.windrow.query.read.SelectArrivals;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SelectSourceWatermarks;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SourceWatermarks;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * What an answer will be worth, found out before anything is read for it.
 *
 * @param facts of the snapshot that all else is read in
 */
public record Assessment(SnapshotFacts facts, Completeness completeness) {
  /**
   * Begins a snapshot and assesses it; FAILED_PRECONDITION if it cannot meet what is required. The
   * exactness of metrics is not looked at.
   */
  public static Mono<Assessment> of(
      ReadSession session,
      String tenant,
      TimeRange window,
      Requirements required,
      Duration statementTimeout) {
    return SelectSnapshot.read(session, tenant, statementTimeout, required.batchId())
        .flatMap(facts -> unless(RequirementPolicy.unmet(required, facts), facts))
        .flatMap(
            facts ->
                watermarks(session, facts)
                    .map(
                        found ->
                            Completeness.of(found, Optional.empty(), window, facts.snapshotTime()))
                    .flatMap(found -> unless(RequirementPolicy.unmet(required, found), found))
                    // Buckets are read only of what will be answered.
                    .zipWhen(found -> SelectArrivals.read(session, facts, window))
                    .map(found -> found.getT1().with(found.getT2()))
                    .map(found -> new Assessment(facts, found)));
  }

  /**
   * That of an answer to a later part of the window only, whose share that is complete may be less.
   *
   * @throws dev.windrow.runtime.error.WindrowException FAILED_PRECONDITION if it cannot meet what
   *     is required
   */
  public Assessment narrowedTo(TimeRange part, Requirements required) {
    if (completeness.coverage().isEmpty()) {
      return this;
    }
    Completeness narrowed =
        Completeness.of(
            completeness.watermarks(), completeness.arrivals(), part, facts.snapshotTime());
    RequirementPolicy.unmet(required, narrowed)
        .ifPresent(
            failure -> {
              throw failure.toException();
            });
    return new Assessment(facts, narrowed);
  }

  private static Mono<SourceWatermarks> watermarks(ReadSession session, SnapshotFacts facts) {
    return facts.watermarks()
        ? SelectSourceWatermarks.read(session, facts.tenantId())
        : Mono.just(SourceWatermarks.NONE);
  }

  private static <T> Mono<T> unless(Optional<Failure> unmet, T value) {
    return unmet.map(failure -> Mono.<T>error(failure.toException())).orElse(Mono.just(value));
  }
}
