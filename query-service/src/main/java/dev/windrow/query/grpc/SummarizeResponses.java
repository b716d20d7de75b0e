package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answer;
import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Value;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.runtime.config.Instance;
import java.math.BigInteger;

/** Writes an answer as its response. */
final class SummarizeResponses {
  private SummarizeResponses() {}

  static SummarizeResponse of(Answer answer, Instance instance) {
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
                    answer.exactness()));
    answer.rows().forEach(row -> response.addRows(row(question, row)));
    if (question.explain()) {
      response.setPlan(Plans.of(answer));
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
}
