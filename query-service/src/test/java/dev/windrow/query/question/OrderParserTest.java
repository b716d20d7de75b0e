package dev.windrow.query.question;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.question.OrderTerm.Target;
import dev.windrow.rollup.Dimension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderParserTest {
  private static final List<Metric> METRICS =
      List.of(
          Metric.of(Measure.COUNT),
          Metric.percentile(99.9),
          Metric.statusShare(List.of("a, b desc")),
          Metric.statusShare(List.of("a")));
  private static final List<Dimension> GROUPS =
      List.of(Dimension.SOURCE, Dimension.attribute("x, y"));

  @Test
  void parse_names_inTheirOrder() {
    assertThat(
            OrderParser.parse(" count  desc,p99.9 , interval_start desc,source", METRICS, GROUPS))
        .containsExactly(
            new OrderTerm(Target.METRIC, 0, true),
            new OrderTerm(Target.METRIC, 1, false),
            new OrderTerm(Target.INTERVAL_START, 0, true),
            new OrderTerm(Target.GROUP, 0, false));
  }

  @Test
  void parse_namesWithCommasAndSpaces_areTakenWhole() {
    assertThat(
            OrderParser.parse("share(a, b desc) desc, attributes.x, y,share(a)", METRICS, GROUPS))
        .containsExactly(
            new OrderTerm(Target.METRIC, 2, true),
            new OrderTerm(Target.GROUP, 1, false),
            new OrderTerm(Target.METRIC, 3, false));
  }

  @Test
  void parse_aRepetition_changesNothing() {
    assertThat(OrderParser.parse("count, count desc", METRICS, GROUPS))
        .containsExactly(new OrderTerm(Target.METRIC, 0, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sum",
        "count asc",
        "count,",
        ",",
        "count source",
        "countdesc",
        "count descx",
        "type"
      })
  void parse_whatIsNoOrder_isRefused(String text) {
    assertThatThrownBy(() -> OrderParser.parse(text, METRICS, GROUPS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at character");
  }
}
