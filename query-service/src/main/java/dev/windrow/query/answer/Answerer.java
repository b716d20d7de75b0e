package dev.windrow.query.answer;

import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.Summary;
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

  private record Reading(Assessment worth, WindowPlan plan, Summary summary) {}

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
   */
  public Mono<Answered> answer(Question question, Requirements required, Duration timeLimit) {
    Optional<Failure> unmet = ExactnessPolicy.unmet(required, question);
    if (unmet.isPresent()) {
      return Mono.error(unmet.get().toException());
    }
    return reads
        .read(session -> read(session, question, required, timeLimit.plus(STATEMENT_GRACE)))
        .onErrorMap(SqlFailures::translate)
        // Sorting many rows would hold up the other connections of this event loop.
        .publishOn(Schedulers.parallel())
        .map(read -> answered(question, required, read));
  }

  private static Answered answered(Question question, Requirements required, Reading read) {
    Assessment worth = read.worth();
    Answer answer = Answer.of(question, worth.facts(), read.plan(), read.summary());
    ExactnessPolicy.unmet(required, answer.exactness())
        .ifPresent(
            failure -> {
              throw failure.toException();
            });
    return new Answered(answer, worth.completeness());
  }

  private Mono<Reading> read(
      ReadSession session, Question question, Requirements required, Duration statementTimeout) {
    return Assessment.of(session, tenant, question.window(), required, statementTimeout)
        .flatMap(worth -> read(session, question, worth));
  }

  private Mono<Reading> read(ReadSession session, Question question, Assessment worth) {
    int tenantId = worth.facts().tenantId();
    return SelectRollups.read(session, tenantId, CatalogScope.ofPlan(question))
        .map(catalog -> Planner.plan(question, catalog))
        .flatMap(
            plan ->
                reader
                    .read(session, tenantId, question, plan)
                    .map(summary -> new Reading(worth, plan, summary)));
  }
}
