package dev.windrow.query.answer;

import dev.windrow.query.asof.PastAssessment;
import dev.windrow.query.asof.SelectDisturbance;
import dev.windrow.query.paging.PageStart;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.question.Drilldown;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.AdmissionPolicy;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.RecentStatistics;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Position;
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

  private static final String NO_SQUARES =
      "buckets from before sums of squares were kept do not tell a standard deviation";

  private record Readings(Assessment worth, Reading first, Optional<Reading> second) {}

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

  /**
   * The answer, or an error as callers may see it. What cannot be met of the requirements is an
   * error as soon as it is known: before the database is asked, before rows are read, or at last.
   *
   * @param compared the same question of another window, answered in the same snapshot
   * @param required of the answer; its coverage is that of the window asked for
   */
  public Mono<Answered> answer(
      Question asked, Optional<Question> compared, Requirements required, Duration timeLimit) {
    return answer(asked, compared, required, PageStart.NOW, timeLimit);
  }

  /**
   * Likewise, a page of it.
   *
   * @param required of an answer as of a position: only exactness counts
   */
  public Mono<Answered> answer(
      Question asked,
      Optional<Question> compared,
      Requirements required,
      PageStart page,
      Duration timeLimit) {
    return readings(asked, compared, required, page, timeLimit)
        .map(read -> answered(required, page, read));
  }

  /**
   * A row and a page of what it is made of, both of one snapshot.
   *
   * @param required of both
   * @param page of the parts
   */
  public Mono<Drilled> drill(
      Drilldown asked, Requirements required, PageStart page, Duration timeLimit) {
    return readings(asked.parts(), Optional.of(asked.row()), required, page, timeLimit)
        .map(
            read -> {
              Reading row = read.second().orElseThrow();
              Readings alone = new Readings(read.worth(), row, Optional.empty());
              Readings parts = new Readings(read.worth(), read.first(), Optional.empty());
              return new Drilled(
                  answered(required, PageStart.NOW, alone).answer(),
                  answered(required, page, parts).answer(),
                  read.worth().completeness());
            });
  }

  private Mono<Readings> readings(
      Question first,
      Optional<Question> second,
      Requirements required,
      PageStart page,
      Duration timeLimit) {
    Optional<Failure> unmet = ExactnessPolicy.unmet(required, first);
    if (unmet.isPresent()) {
      return Mono.error(unmet.get().toException());
    }
    Duration statementTimeout = timeLimit.plus(STATEMENT_GRACE);
    Optional<Position.OfSnapshot> asOf = page.position();
    return reads
        .read(
            session ->
                asOf.map(position -> PastAssessment.of(session, tenant, position, statementTimeout))
                    .orElseGet(
                        () ->
                            Assessment.of(
                                session, tenant, first.window(), required, statementTimeout))
                    .flatMap(worth -> read(session, worth, first, second, asOf)))
        .onErrorMap(SqlFailures::translate)
        // Sorting many rows would hold up the other connections of this event loop.
        .publishOn(Schedulers.parallel());
  }

  private static Answered answered(Requirements required, PageStart page, Readings read) {
    Assessment worth = read.worth();
    Answer answer = Answer.of(worth.facts(), read.first(), read.second(), page.offset());
    ExactnessPolicy.unmet(required, answer.exactness())
        .ifPresent(
            failure -> {
              throw failure.toException();
            });
    return new Answered(answer, worth.completeness());
  }

  private Mono<Readings> read(
      ReadSession session,
      Assessment worth,
      Question first,
      Optional<Question> second,
      Optional<Position.OfSnapshot> asOf) {
    int tenantId = worth.facts().tenantId();
    return read(session, tenantId, first, asOf)
        .flatMap(
            one ->
                Mono.justOrEmpty(second)
                    .flatMap(other -> read(session, tenantId, other, asOf))
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .map(two -> new Readings(worth, one, two)));
  }

  private Mono<Reading> read(
      ReadSession session, int tenantId, Question question, Optional<Position.OfSnapshot> asOf) {
    return SelectDisturbance.read(session, tenantId, question.window(), asOf)
        .flatMap(disturbance -> choose(session, tenantId, question, disturbance))
        .flatMap(choice -> read(session, tenantId, question, choice))
        .flatMap(
            reading ->
                reading.isWhole() ? Mono.just(reading) : readEvents(session, tenantId, reading));
  }

  private Mono<Reading> read(
      ReadSession session, int tenantId, Question question, PlanChoice choice) {
    return Mono.defer(
        () -> {
          admission.admit(question, choice);
          return reader
              .read(session, tenantId, question, choice.plan())
              .map(summary -> new Reading(question, choice, summary));
        });
  }

  // Which rows lack something is known only when they have been read.
  private Mono<Reading> readEvents(ReadSession session, int tenantId, Reading lacking) {
    Question question = lacking.question();
    return statistics
        .get(session, tenantId)
        .map(known -> Planner.rawOnly(question, NO_SQUARES, known, lacking.plan().disturbance()))
        .flatMap(choice -> read(session, tenantId, question, choice));
  }

  private Mono<PlanChoice> choose(
      ReadSession session, int tenantId, Question question, Disturbance disturbance) {
    return SelectRollups.read(session, tenantId, CatalogScope.ofPlan(question, disturbance))
        .flatMap(
            catalog ->
                statistics
                    .get(session, tenantId)
                    .map(known -> Planner.choose(question, catalog, known, disturbance)));
  }
}
