package dev.windrow.query.answer;

import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers the questions of one tenant, each in one snapshot. */
public final class Answerer {
  // The caller's deadline ends a statement by a cancel; this ends it if nobody is left to cancel.
  private static final Duration STATEMENT_GRACE = Duration.ofSeconds(1);

  private record Readings(SnapshotFacts facts, Reading asked, Optional<Reading> compared) {}

  private final SnapshotReads reads;
  private final SummaryReader reader;
  private final String tenant;

  public Answerer(SnapshotReads reads, ReadLimits limits, String tenant) {
    this.reads = reads;
    this.reader = new SummaryReader(limits);
    this.tenant = tenant;
  }

  /**
   * The answer, or an error as callers may see it.
   *
   * @param compared the same question of another window, answered in the same snapshot
   */
  public Mono<Answer> answer(Question asked, Optional<Question> compared, Duration timeLimit) {
    Duration statementTimeout = timeLimit.plus(STATEMENT_GRACE);
    return reads
        .read(
            session ->
                SelectSnapshot.read(session, tenant, statementTimeout)
                    .flatMap(facts -> read(session, facts, asked, compared)))
        .onErrorMap(SqlFailures::translate)
        // Sorting many rows would hold up the other connections of this event loop.
        .publishOn(Schedulers.parallel())
        .map(read -> Answer.of(read.facts(), read.asked(), read.compared()));
  }

  private Mono<Readings> read(
      ReadSession session, SnapshotFacts facts, Question asked, Optional<Question> compared) {
    return read(session, facts, asked)
        .flatMap(
            first ->
                Mono.justOrEmpty(compared)
                    .flatMap(other -> read(session, facts, other))
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .map(second -> new Readings(facts, first, second)));
  }

  private Mono<Reading> read(ReadSession session, SnapshotFacts facts, Question question) {
    return SelectRollups.read(session, facts.tenantId(), CatalogScope.ofPlan(question))
        .map(catalog -> Planner.plan(question, catalog))
        .flatMap(
            plan ->
                reader
                    .read(session, facts.tenantId(), question, plan)
                    .map(summary -> new Reading(question, plan, summary)));
  }
}
