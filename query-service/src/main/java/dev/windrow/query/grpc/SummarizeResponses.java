package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answer;
import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Answered;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.MetricValue;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.runtime.config.Instance;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes an answer as its response. */
final class SummarizeResponses {
  private SummarizeResponses() {}

  static SummarizeResponse of(Answered answered, Instance instance) {
    Answer answer = answered.answer();
    Question question = answer.question();
    var response =
        SummarizeResponse.newBuilder()
            .setTotalRowCount(answer.totalRowCount())
            .setInfo(info(answered, instance));
    answer.rows().forEach(row -> response.addRows(row(question, row)));
    if (question.explain()) {
      response.setPlan(Plans.of(answer.asked()));
      answer.compared().ifPresent(compared -> response.setComparedPlan(Plans.of(compared)));
    }
    return response.build();
  }

  /** Likewise, with what asks for the next page. */
  static SummarizeResponse of(Answered answered, SummaryPages pages, Instance instance) {
    return of(answered, instance).toBuilder()
        .setNextPageToken(pages.next(answered.answer()))
        .build();
  }

  /** What the answer is worth. */
  static AnswerInfo info(Answered answered, Instance instance) {
    Answer answer = answered.answer();
    return AnswerInfos.of(
        instance,
        answer.facts(),
        answer.asked(),
        answer.deltaRows(),
        answer.exactness(),
        Optional.of(answered.completeness()));
  }

  private static SummaryRow row(Question question, AnswerRow answered) {
    var row = SummaryRow.newBuilder().setWindow(Times.window(answered.window()));
    for (int i = 0; i < question.groupBy().size(); i++) {
      row.putGroup(question.groupBy().get(i).name(), answered.group().get(i));
    }
    row.addAllValues(values(question, answered));
    answered
        .compared()
        .ifPresent(
            other ->
                row.setComparedWindow(Times.window(other.window()))
                    .addAllComparedValues(values(question, other)));
    return row.build();
  }

  private static List<MetricValue> values(Question question, AnswerRow row) {
    List<MetricValue> values = new ArrayList<>();
    for (int i = 0; i < question.metrics().size(); i++) {
      values.add(MetricValues.of(question.metrics().get(i), row.values().get(i)));
    }
    return values;
  }
}
