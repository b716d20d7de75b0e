package dev.windrow.query.answer;

import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.AdmissionPolicy;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.RecentStatistics;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers the questions of one tenant, each in one snapshot. */
public final class Answerer {
  // The caller's deadline ends a statement by a cancel; this ends it if nobody is left to cancel.
  private static final Duration STATEMENT_GRACE = Duration.ofSeconds(1);

  private record Reading(SnapshotFacts facts, PlanChoice choice, Summary summary) {}

  private final SnapshotReads reads;
  private final RecentStatistics statistics = new RecentStatistics(System::nanoTime);
  private final AdmissionPolicy admission;
  private final SummaryReader reader;
  private final String tenant;

  public Answerer(SnapshotReads reads, ReadLimits limits, String tenant) {
    this.reads = reads;
    this.admission = new AdmissionPolicy(limits);
    this.reader = new SummaryReader(limits);
    this.tenant = tenant;
  }

  /** The answer, or an error as callers may see it. */
  public Mono<Answer> answer(Question question, Duration timeLimit) {
    return reads
        .read(session -> read(session, question, timeLimit.plus(STATEMENT_GRACE)))
        .onErrorMap(SqlFailures::translate)
        // Sorting many rows would hold up the other connections of this event loop.
        .publishOn(Schedulers.parallel())
        .map(read -> Answer.of(question, read.facts(), read.choice(), read.summary()));
  }

  private Mono<Reading> read(ReadSession session, Question question, Duration statementTimeout) {
    return SelectSnapshot.read(session, tenant, statementTimeout)
        .flatMap(
            facts ->
                choose(session, question, facts)
                    .doOnNext(choice -> admission.admit(question, choice))
                    .flatMap(
                        choice ->
                            reader
                                .read(session, facts.tenantId(), question, choice.plan())
                                .map(summary -> new Reading(facts, choice, summary))));
  }

  private Mono<PlanChoice> choose(ReadSession session, Question question, SnapshotFacts facts) {
    return SelectRollups.read(session, facts.tenantId(), CatalogScope.ofPlan(question))
        .flatMap(
            catalog ->
                statistics
                    .get(session, facts.tenantId())
                    .map(known -> Planner.choose(question, catalog, known)));
  }
}
