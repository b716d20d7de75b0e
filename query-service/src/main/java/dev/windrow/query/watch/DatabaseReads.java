package dev.windrow.query.watch;

import dev.windrow.query.answer.Answered;
import dev.windrow.query.answer.Answerer;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads for the watches of one tenant. */
public final class DatabaseReads<M> implements Reads<M> {
  private final Answerer answerer;
  private final SnapshotReads questions;
  private final SnapshotReads looks;
  private final String tenant;
  private final Duration timeLimit;
  private final Function<Answered, M> told;
  private final BiPredicate<M, M> same;

  /**
   * Reads nothing yet.
   *
   * @param answerer on the connections of {@code questions}
   * @param looks apart from those, so that no long question delays a look for changes
   * @param timeLimit of one question
   * @param told how an answer is told
   * @param same whether two of them say the same
   */
  public DatabaseReads(
      Answerer answerer,
      SnapshotReads questions,
      SnapshotReads looks,
      String tenant,
      Duration timeLimit,
      Function<Answered, M> told,
      BiPredicate<M, M> same) {
    this.answerer = answerer;
    this.questions = questions;
    this.looks = looks;
    this.tenant = tenant;
    this.timeLimit = timeLimit;
    this.told = told;
    this.same = same;
  }

  @Override
  public Mono<WatchedAnswer<M>> answer(WatchedQuestion question) {
    return answerer
        .answer(question.asked(), question.compared(), question.required(), timeLimit)
        .map(answered -> new WatchedAnswer<>(told.apply(answered), asOf(answered.answer().facts())))
        .timeout(timeLimit);
  }

  @Override
  public boolean sameRows(M one, M other) {
    return same.test(one, other);
  }

  @Override
  public Mono<Boolean> changedSince(WatchedQuestion question, String position) {
    return questions
        .read(
            session ->
                SelectChangedSince.read(session, tenant, position, question.windows(), timeLimit))
        .timeout(timeLimit)
        .onErrorMap(SqlFailures::translate);
  }

  @Override
  public Mono<Changes> changes(@Nullable AsOf since, Duration limit) {
    return looks
        .read(
            session ->
                SelectChanges.read(session, tenant, since, limit)
                    .switchIfEmpty(unknownTenant(session, limit)))
        .timeout(limit)
        .onErrorMap(SqlFailures::translate);
  }

  private Mono<Changes> unknownTenant(ReadSession session, Duration limit) {
    long begun = System.nanoTime();
    return SelectSnapshot.read(session, tenant, limit)
        .map(facts -> new Changes(asOf(facts), List.of(), true, begun));
  }

  private static AsOf asOf(SnapshotFacts facts) {
    return AsOf.of(facts.position(), facts.snapshotTime(), facts.standby());
  }
}
