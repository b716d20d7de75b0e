package dev.windrow.query.answer;

import dev.windrow.query.asof.PastAssessment;
import dev.windrow.query.paging.PageStart;
import dev.windrow.query.plan.Serving;
import dev.windrow.query.question.Drilldown;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Requirements;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers the questions of one tenant, each in one snapshot. */
public final class Answerer {
  // The caller's deadline ends a statement by a cancel; this ends it if nobody is left to cancel.
  private static final Duration STATEMENT_GRACE = Duration.ofSeconds(1);

  private record Readings(Assessment worth, Reading first, Optional<Reading> second) {}

  private final TenantReads reads;
  private final QuestionReader reader;

  /**
   * Composes it.
   *
   * @param cache of what was read for earlier questions of the same tenant
   */
  public Answerer(TenantReads reads, SegmentCache cache) {
    this.reads = reads;
    this.reader = new QuestionReader(reads, cache);
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
    return readings(asked, compared, required, page, Serving.FULL, timeLimit)
        .map(read -> answered(required, page, read));
  }

  /** The answer to a question, made from what it may be made of. */
  public Mono<Answered> answer(
      Question asked, Requirements required, Serving serving, Duration timeLimit) {
    return readings(asked, Optional.empty(), required, PageStart.NOW, serving, timeLimit)
        .map(read -> answered(required, PageStart.NOW, read));
  }

  /**
   * A row and a page of what it is made of, both of one snapshot.
   *
   * @param required of both
   * @param page of the parts
   */
  public Mono<Drilled> drill(
      Drilldown asked, Requirements required, PageStart page, Duration timeLimit) {
    return readings(
            asked.parts(), Optional.of(asked.row()), required, page, Serving.FULL, timeLimit)
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
      Serving serving,
      Duration timeLimit) {
    Optional<Failure> unmet = ExactnessPolicy.unmet(required, first);
    if (unmet.isPresent()) {
      return Mono.error(unmet.get().toException());
    }
    Duration statementTimeout = timeLimit.plus(STATEMENT_GRACE);
    String tenant = reads.tenant();
    return reads
        .snapshots()
        .read(
            session ->
                page.position()
                    .map(position -> PastAssessment.of(session, tenant, position, statementTimeout))
                    .orElseGet(
                        () ->
                            Assessment.of(
                                session, tenant, first.window(), required, statementTimeout))
                    .flatMap(worth -> read(session, worth, first, second, required, page, serving)))
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

  // What is compared must be of one shape, as must pages be: what is shorter would mislead.
  private Mono<Readings> read(
      ReadSession session,
      Assessment worth,
      Question first,
      Optional<Question> second,
      Requirements required,
      PageStart page,
      Serving serving) {
    boolean whole = required.whole() || second.isPresent() || page.window().isPresent();
    return reader
        .read(session, worth.facts(), first, page.window(), whole, page.position(), serving)
        .flatMap(
            one ->
                Mono.justOrEmpty(second)
                    .flatMap(
                        other ->
                            reader.read(
                                session,
                                worth.facts(),
                                other,
                                Optional.empty(),
                                true,
                                page.position(),
                                serving))
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .map(
                        two ->
                            new Readings(
                                worth.narrowedTo(one.question().window(), required), one, two)));
  }
}
