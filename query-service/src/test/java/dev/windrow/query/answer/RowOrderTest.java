package dev.windrow.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.OrderTerm;
import dev.windrow.query.question.OrderTerm.Target;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  private static final TimeRange WINDOW = new TimeRange(30_000_000L, 10 * 60_000_000L);
  private static final List<OrderTerm> PLACES =
      List.of(
          new OrderTerm(Target.INTERVAL_START, 0, true),
          new OrderTerm(Target.INTERVAL_START, 0, false),
          new OrderTerm(Target.GROUP, 0, true),
          new OrderTerm(Target.GROUP, 1, false),
          new OrderTerm(Target.GROUP, 1, true));

  @Test
  void cellsByPlace_areInTheOrderOfTheirRows() {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      RollupKey group = RollupKey.of(List.of("s" + i % 5, "t" + i / 5 % 6));
      cells.add(new Cell(i / 30, group, Aggregate.empty(), List.of()));
    }
    Random random = new Random(4);
    for (int round = 0; round < 50; round++) {
      Collections.shuffle(cells, random);
      List<OrderTerm> terms = new ArrayList<>(PLACES);
      Collections.shuffle(terms, random);
      Question question = question(terms.subList(0, random.nextInt(4)));

      List<AnswerRow> byPlace =
          cells.stream()
              .sorted(RowOrder.byPlace(question).orElseThrow())
              .map(cell -> Valuation.row(question, cell))
              .toList();

      assertThat(byPlace)
          .isEqualTo(
              cells.stream()
                  .map(cell -> Valuation.row(question, cell))
                  .sorted(RowOrder.of(question))
                  .toList());
    }
  }

  @Test
  void order_byAMetric_dependsOnValues() {
    assertThat(RowOrder.byPlace(question(List.of(new OrderTerm(Target.METRIC, 0, false)))))
        .isEmpty();
  }

  private static Question question(List<OrderTerm> order) {
    return new Question(
        WINDOW,
        Intervals.of(WINDOW, IntervalUnit.MINUTE, ZoneOffset.UTC),
        List.of(Metric.of(Measure.COUNT)),
        List.of(Dimension.SOURCE, Dimension.TYPE),
        new Filter.All(),
        order,
        1,
        false);
  }
}
