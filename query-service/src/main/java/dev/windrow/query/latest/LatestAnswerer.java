package dev.windrow.query.latest;

import dev.windrow.query.answer.Reading;
import dev.windrow.query.asof.PastAssessment;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.AdmissionPolicy;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.read.TooCostly;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Completeness;
import dev.windrow.query.worth.NotKept;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Tells the newest events of one tenant's entities, each answer in one snapshot. */
public final class LatestAnswerer {
  private static final Duration STATEMENT_GRACE = Duration.ofSeconds(1);
  // Of all time, most is always missing: what is said of a window is not said then.
  private static final TimeRange NOTHING = new TimeRange(0, 0);

  private record Readings(LatestReader.Found found, Reading reading) {}

  private final TenantReads reads;
  private final AdmissionPolicy admission;
  private final LatestReader reader;

  public LatestAnswerer(TenantReads reads) {
    this.reads = reads;
    this.admission = new AdmissionPolicy(reads.limits());
    this.reader = new LatestReader(reads.limits());
  }

  /** A page, or an error as callers may see it. */
  public Mono<LatestPage> page(LatestQuestion question, PageRequest page, Duration timeLimit) {
    Duration statementTimeout = timeLimit.plus(STATEMENT_GRACE);
    return reads
        .snapshots()
        .read(
            session ->
                page.after().isPresent()
                    ? PastAssessment.of(
                            session,
                            reads.tenant(),
                            page.after().get().position(),
                            statementTimeout)
                        .flatMap(
                            worth -> page(session, question, page, worth.facts(), Optional.empty()))
                    : assess(session, question, statementTimeout)
                        .flatMap(
                            worth ->
                                page(
                                    session,
                                    question,
                                    page,
                                    worth.facts(),
                                    Optional.of(worth.completeness()))))
        .onErrorMap(SqlFailures::translate);
  }

  /** All pairs counted, or an error as callers may see it. */
  public Mono<LatestStats> stats(LatestQuestion question, Duration timeLimit) {
    return reads
        .snapshots()
        .read(
            session ->
                assess(session, question, timeLimit.plus(STATEMENT_GRACE))
                    .flatMap(
                        worth ->
                            read(session, question, worth.facts(), Optional.empty(), pairLimit())
                                .map(read -> stats(read, worth))))
        .onErrorMap(SqlFailures::translate);
  }

  private Mono<Assessment> assess(
      ReadSession session, LatestQuestion question, Duration statementTimeout) {
    return Assessment.of(
            session,
            reads.tenant(),
            question.asStored() ? NOTHING : question.window(),
            question.required(),
            statementTimeout)
        .map(
            worth ->
                question.asStored()
                    ? new Assessment(
                        worth.facts(),
                        new Completeness(
                            worth.completeness().watermarks(), Optional.empty(), Optional.empty()))
                    : worth);
  }

  private int pairLimit() {
    return reads.limits().maxGroups();
  }

  private LatestStats stats(Readings read, Assessment worth) {
    if (read.found().more()) {
      throw TooCostly.groups(reads.limits());
    }
    PairFold fold = read.found().pairs();
    List<LatestEvent> newest =
        fold.pairs().stream().map(fold::newest).flatMap(Optional::stream).toList();
    return LatestStats.of(newest, worth.facts(), worth.completeness(), read.reading());
  }

  private Mono<LatestPage> page(
      ReadSession session,
      LatestQuestion question,
      PageRequest page,
      SnapshotFacts facts,
      Optional<Completeness> completeness) {
    return read(session, question, facts, page.after(), page.size())
        .map(read -> page(read, page, facts, completeness));
  }

  private static LatestPage page(
      Readings read, PageRequest page, SnapshotFacts facts, Optional<Completeness> completeness) {
    String position = facts.position();
    PageInProgress lines = new PageInProgress();
    PairFold fold = read.found().pairs();
    for (Pair pair : fold.pairs()) {
      if (!lines.add(pair, fold.newest(pair))) {
        break;
      }
    }
    String next =
        lines
            .last(read.found().more())
            .map(last -> new LatestPageToken(last, position).encode(page.scope()))
            .orElse("");
    return new LatestPage(lines.lines(), next, position, facts, completeness, read.reading());
  }

  private Mono<Readings> read(
      ReadSession session,
      LatestQuestion latest,
      SnapshotFacts facts,
      Optional<LatestPageToken> after,
      int most) {
    Question question = latest.planned();
    return choose(session, facts, question)
        .doOnNext(choice -> admission.admit(question, choice))
        .flatMap(
            choice -> {
              LatestScope scope =
                  new LatestScope(
                      facts.tenantId(), choice.plan(), latest.filter(), after, facts.horizons());
              return reader
                  .read(session, scope, most)
                  .map(found -> new Readings(found, reading(question, choice, found.pairs())));
            });
  }

  private static Reading reading(Question question, PlanChoice choice, PairFold fold) {
    Summary counts = new Summary(List.of(), fold.bucketRows(), fold.deltaRows(), fold.eventRows());
    return new Reading(question, choice, counts);
  }

  // All pages must be about the same window, so nothing less than what was asked for will do.
  private Mono<PlanChoice> choose(ReadSession session, SnapshotFacts facts, Question question) {
    return SelectRollups.read(session, facts.tenantId(), CatalogScope.ofPlan(question))
        .map(catalog -> catalog.kept(facts.horizons()))
        .doOnNext(catalog -> NotKept.narrow(question, catalog, Disturbance.none(), true))
        .flatMap(
            catalog ->
                reads
                    .statistics()
                    .get(session, facts.tenantId())
                    .map(known -> Planner.choose(question, catalog, known)));
  }
}
