package dev.windrow.query.answer;

import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Requirements;
import dev.windrow.runtime.error.Failure;
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

  private record Readings(Assessment worth, Reading asked, Optional<Reading> compared) {}

  private final SnapshotReads reads;
  private final SummaryReader reader;
  private final String tenant;

  public Answerer(SnapshotReads reads, ReadLimits limits, String tenant) {
    this.reads = reads;
    this.reader = new SummaryReader(limits);
    this.tenant = tenant;
  }

  /**
   * The answer, or an error as callers may see it. What cannot be met of the requirements is an
   * error as soon as it is known: before the database is asked, before rows are read, or at last.
   *
   * @param compared the same question of another window, answered in the same snapshot
   * @param required of the answer; its coverage is that of the window asked for
   */
  public Mono<Answered> answer(
      Question asked, Optional<Question> compared, Requirements required, Duration timeLimit) {
    Optional<Failure> unmet = ExactnessPolicy.unmet(required, asked);
    if (unmet.isPresent()) {
      return Mono.error(unmet.get().toException());
    }
    Duration statementTimeout = timeLimit.plus(STATEMENT_GRACE);
    return reads
        .read(
            session ->
                Assessment.of(session, tenant, asked.window(), required, statementTimeout)
                    .flatMap(worth -> read(session, worth, asked, compared)))
        .onErrorMap(SqlFailures::translate)
        // Sorting many rows would hold up the other connections of this event loop.
        .publishOn(Schedulers.parallel())
        .map(read -> answered(required, read));
  }

  private static Answered answered(Requirements required, Readings read) {
    Assessment worth = read.worth();
    Answer answer = Answer.of(worth.facts(), read.asked(), read.compared());
    ExactnessPolicy.unmet(required, answer.exactness())
        .ifPresent(
            failure -> {
              throw failure.toException();
            });
    return new Answered(answer, worth.completeness());
  }

  private Mono<Readings> read(
      ReadSession session, Assessment worth, Question asked, Optional<Question> compared) {
    int tenantId = worth.facts().tenantId();
    return read(session, tenantId, asked)
        .flatMap(
            first ->
                Mono.justOrEmpty(compared)
                    .flatMap(other -> read(session, tenantId, other))
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .map(second -> new Readings(worth, first, second)));
  }

  private Mono<Reading> read(ReadSession session, int tenantId, Question question) {
    return SelectRollups.read(session, tenantId, CatalogScope.ofPlan(question))
        .map(catalog -> Planner.plan(question, catalog))
        .flatMap(
            plan ->
                reader
                    .read(session, tenantId, question, plan)
                    .map(summary -> new Reading(question, plan, summary)));
  }
}
