package dev.windrow.query.read;

import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.sql.ReadSession;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Reads what a plan says, in the transaction that a session is in. The answer is exact if that is
 * one snapshot, whoever began it.
 */
public final class SummaryReader {
  private final ReadLimits limits;

  public SummaryReader(ReadLimits limits) {
    this.limits = limits;
  }

  /** The folded rows. The plan must be a legal one of the question. */
  public Mono<Summary> read(ReadSession session, int tenantId, Question question, WindowPlan plan) {
    return Mono.defer(
        () -> {
          SummaryFold fold = new SummaryFold(question, limits);
          return buckets(session, tenantId, question, plan, fold)
              .then(events(session, tenantId, question, plan, fold))
              .then(Mono.fromSupplier(fold::toSummary));
        });
  }

  private static Mono<Void> buckets(
      ReadSession session, int tenantId, Question question, WindowPlan plan, SummaryFold fold) {
    Optional<RollupDefinition> rollup = plan.rollup();
    if (rollup.isEmpty() || plan.bucketSegments().isEmpty()) {
      return Mono.empty();
    }
    return SelectAggregates.read(session, tenantId, question, rollup.get(), plan, fold)
        .then(unfolded(session, tenantId, question, plan, fold));
  }

  private static Mono<Void> unfolded(
      ReadSession session, int tenantId, Question question, WindowPlan plan, SummaryFold fold) {
    return plan.unfolded().isEmpty()
        ? Mono.empty()
        : SelectUnfolded.read(
            session, tenantId, question, plan.unfolded(), plan.deltaRanges(), fold);
  }

  private Mono<Void> events(
      ReadSession session, int tenantId, Question question, WindowPlan plan, SummaryFold fold) {
    return plan.rawRanges().isEmpty()
        ? Mono.empty()
        : SelectEvents.read(session, tenantId, question, plan, limits, fold);
  }
}
