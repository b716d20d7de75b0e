package dev.windrow.query.answer;

import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.RollupKey;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * The answer to a question.
 *
 * @param rows in order, after the limit
 * @param totalRowCount before the limit
 * @param exactness of each metric
 * @param summary what was read; its cells are no longer there
 */
public record Answer(
    Question question,
    List<AnswerRow> rows,
    long totalRowCount,
    List<MetricExactness> exactness,
    SnapshotFacts facts,
    PlanChoice choice,
    Summary summary) {
  public Answer {
    rows = List.copyOf(rows);
    exactness = List.copyOf(exactness);
  }

  /** Computes, orders and cuts the rows. */
  public static Answer of(
      Question question, SnapshotFacts facts, PlanChoice choice, Summary summary) {
    List<AnswerRow> ordered =
        cells(question, summary)
            .map(cell -> Valuation.row(question, cell))
            .sorted(RowOrder.of(question))
            .toList();
    List<AnswerRow> rows = ordered.subList(0, Math.min(question.limit(), ordered.size()));
    return new Answer(
        question,
        rows,
        ordered.size(),
        MetricExactness.of(question, rows),
        facts,
        choice,
        summary.withoutCells());
  }

  /** By which it was read. */
  public WindowPlan plan() {
    return choice.plan();
  }

  private static Stream<Cell> cells(Question question, Summary summary) {
    if (question.hasOneRow() && summary.cells().isEmpty()) {
      List<Long> noShares = Collections.nCopies(question.shareStatuses().size(), 0L);
      return Stream.of(new Cell(0, RollupKey.of(), Aggregate.empty(), noShares));
    }
    return summary.cells().stream();
  }
}
