package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answer;
import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Answered;
import dev.windrow.query.answer.Value;
import dev.windrow.query.plan.Segment;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.PlanSegment;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.Tier;
import dev.windrow.rollup.Dimension;
import dev.windrow.runtime.config.Instance;
import java.math.BigInteger;
import java.util.Optional;
import java.util.stream.Collectors;

/** Writes an answer as its response. */
final class SummarizeResponses {
  private SummarizeResponses() {}

  static SummarizeResponse of(Answered answered, Instance instance) {
    Answer answer = answered.answer();
    Question question = answer.question();
    var response =
        SummarizeResponse.newBuilder()
            .setTotalRowCount(answer.totalRowCount())
            .setInfo(
                AnswerInfos.of(
                    instance,
                    answer.facts(),
                    question.window(),
                    answer.summary().deltaRows(),
                    answer.exactness(),
                    Optional.of(answered.completeness())));
    answer.rows().forEach(row -> response.addRows(row(question, row)));
    if (question.explain()) {
      response.setPlan(plan(answer));
    }
    return response.build();
  }

  private static SummaryRow row(Question question, AnswerRow answered) {
    var row = SummaryRow.newBuilder().setWindow(Times.window(answered.window()));
    for (int i = 0; i < question.groupBy().size(); i++) {
      row.putGroup(question.groupBy().get(i).name(), answered.group().get(i));
    }
    for (int i = 0; i < question.metrics().size(); i++) {
      row.addValues(value(question.metrics().get(i).name(), answered.values().get(i)));
    }
    return row.build();
  }

  private static MetricValue value(String name, Value computed) {
    var value = MetricValue.newBuilder().setName(name);
    if (computed instanceof Value.Real real) {
      value.setReal(real.number());
    } else if (computed instanceof Value.Whole whole) {
      BigInteger number = whole.number();
      if (number.bitLength() < Long.SIZE) {
        value.setInteger(number.longValue());
      } else {
        value.setBigInteger(number.toString());
      }
    }
    return value.build();
  }

  private static Plan plan(Answer answer) {
    var plan =
        Plan.newBuilder()
            .setRollup(
                answer
                    .plan()
                    .rollup()
                    .map(
                        rollup ->
                            rollup.dimensions().stream()
                                .map(Dimension::name)
                                .collect(Collectors.joining(",")))
                    .orElse(""))
            .setRawReason(answer.plan().rawReason())
            .setBucketRows(answer.summary().bucketRows())
            .setDeltaRows(answer.summary().deltaRows())
            .setEventRows(answer.summary().eventRows());
    answer.plan().segments().forEach(segment -> plan.addSegments(segment(segment)));
    return plan.build();
  }

  private static PlanSegment segment(Segment planned) {
    return PlanSegment.newBuilder()
        .setTier(
            switch (planned.tier()) {
              case RAW -> Tier.TIER_RAW;
              case MINUTE -> Tier.TIER_MINUTE;
              case HOUR -> Tier.TIER_HOUR;
              case DAY -> Tier.TIER_DAY;
            })
        .setWindow(Times.window(planned.range()))
        .build();
  }
}
