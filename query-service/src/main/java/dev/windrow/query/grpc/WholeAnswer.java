package dev.windrow.query.grpc;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.question.Question;
import dev.windrow.query.v1.AnswerInfo;
import java.util.List;

/**
 * An answer with all of its rows.
 *
 * @param question as it was answered
 * @param info what the answer is worth
 */
public record WholeAnswer(Question question, List<AnswerRow> rows, AnswerInfo info) {
  public WholeAnswer {
    rows = List.copyOf(rows);
  }
}
