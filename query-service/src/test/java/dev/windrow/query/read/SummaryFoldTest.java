package dev.windrow.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryFoldTest {
  private static final EventPart EVENT =
      new EventPart(0, RollupKey.of(), List.of(), 1, List.of(7.0), List.of(3L), List.of("e"));

  @Test
  void events_forASum_buildNoSketch() {
    Aggregate sum = folded(Measure.SUM);
    assertThat(sum.valueSum()).isEqualByComparingTo("7");
    assertThat(sum.values().isEmpty()).isTrue();
    assertThat(sum.entities().isEmpty()).isTrue();
  }

  @Test
  void events_forDistinctEntities_buildTheirSketch() {
    assertThat(folded(Measure.DISTINCT_ENTITIES).entities().isEmpty()).isFalse();
  }

  @Test
  void eventsThatAreDelta_countAsDelta_andNotAgainstTheLimit() {
    SummaryFold fold = new SummaryFold(question(Measure.SUM), new ReadLimits(1, 1, 1));
    fold.addEvents(EVENT);
    fold.addDeltas(EVENT);
    fold.addDeltas(EVENT);
    Summary summary = fold.toSummary();
    assertThat(summary.deltaRows()).isEqualTo(2);
    assertThat(summary.eventRows()).isEqualTo(1);
    assertThat(summary.cells().get(0).aggregate().count()).isEqualTo(3);
  }

  private static Aggregate folded(Measure measure) {
    SummaryFold fold = new SummaryFold(question(measure), ReadLimits.DEFAULT);
    fold.addEvents(EVENT);
    return fold.toSummary().cells().get(0).aggregate();
  }

  private static Question question(Measure measure) {
    TimeRange window = new TimeRange(0, 1);
    return new Question(
        window,
        Intervals.of(window, IntervalUnit.NONE, ZoneOffset.UTC),
        List.of(Metric.of(measure)),
        List.of(),
        new Filter.All(),
        List.of(),
        1,
        false);
  }
}
