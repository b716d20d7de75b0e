package dev.windrow.query.read;

import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.sql.ReadSession;
import java.util.ArrayList;
import java.util.List;
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
          return ReadSession.together(statements(session, tenantId, question, plan, fold))
              .then(Mono.fromSupplier(fold::toSummary));
        });
  }

  /** To add up what is read of the parts of a question's window. */
  public SummaryFold fold(Question question) {
    return new SummaryFold(question, limits);
  }

  private List<Mono<Void>> statements(
      ReadSession session, int tenantId, Question question, WindowPlan plan, SummaryFold fold) {
    List<Mono<Void>> statements = new ArrayList<>();
    if (plan.rollup().isPresent() && !plan.bucketSegments().isEmpty()) {
      RollupDefinition rollup = plan.rollup().get();
      statements.add(SelectAggregates.read(session, tenantId, question, rollup, plan, fold));
      if (!plan.unfolded().isEmpty()) {
        statements.add(
            SelectUnfolded.read(
                session, tenantId, question, plan.unfolded(), plan.deltaRanges(), fold));
      }
    }
    if (!plan.rawRanges().isEmpty()) {
      statements.add(SelectEvents.read(session, tenantId, question, plan, limits, fold));
    }
    return statements;
  }
}
