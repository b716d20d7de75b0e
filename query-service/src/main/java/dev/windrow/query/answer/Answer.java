package dev.windrow.query.answer;

import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The answer to a question.
 *
 * @param rows of the page, in order
 * @param totalRowCount of all pages
 * @param next how many rows there are up to the end of these; empty if these are the last
 * @param exactness of each metric
 * @param asked what was read; its cells are no longer there
 * @param compared likewise, of the window that it is compared with; empty if there is none
 */
public record Answer(
    List<AnswerRow> rows,
    long totalRowCount,
    OptionalInt next,
    List<MetricExactness> exactness,
    SnapshotFacts facts,
    Reading asked,
    Optional<Reading> compared) {
  public Answer {
    rows = List.copyOf(rows);
    exactness = List.copyOf(exactness);
  }

  /** Computes, orders and cuts the rows. */
  public static Answer of(
      Question question, SnapshotFacts facts, PlanChoice choice, Summary summary) {
    return of(facts, new Reading(question, choice, summary), Optional.empty());
  }

  /** Likewise, each row compared with the one at its place in another window. */
  public static Answer of(SnapshotFacts facts, Reading asked, Optional<Reading> compared) {
    return of(facts, asked, compared, 0);
  }

  /** Likewise, the page that begins after so many rows. */
  public static Answer of(
      SnapshotFacts facts, Reading asked, Optional<Reading> compared, int offset) {
    Question question = asked.question();
    OrderedRows rows = OrderedRows.of(asked, compared, offset);
    return new Answer(
        rows.shown(),
        rows.total(),
        rows.to() < rows.total() ? OptionalInt.of(rows.to()) : OptionalInt.empty(),
        MetricExactness.of(question, rows.judged(), rows.shown()),
        facts,
        asked.counts(),
        compared.map(Reading::counts));
  }

  public Question question() {
    return asked.question();
  }

  public WindowPlan plan() {
    return asked.plan();
  }

  /** Rows of the live delta that were read for it. */
  public long deltaRows() {
    return asked.summary().deltaRows() + compared.map(r -> r.summary().deltaRows()).orElse(0L);
  }
}
