package dev.windrow.benchmarks.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {
  private static final List<Closeness> VALUES =
      List.of(Closeness.EQUAL, Closeness.PERCENTILE, Closeness.ROUNDED);

  private static AnswerRow row(String key, long count, double p95, double mean) {
    return new AnswerRow(List.of(key), List.of(count, p95, mean));
  }

  private static boolean agree(List<AnswerRow> answered, List<AnswerRow> expected) {
    return Agreement.difference(VALUES, answered, expected).isEmpty();
  }

  @Test
  void sameRows_inAnyOrder_agree() {
    AnswerRow a = row("a", 1, 2, 3);
    AnswerRow b = row("b", 4, 5, 6);

    assertThat(agree(List.of(a, b), List.of(b, a))).isTrue();
  }

  @Test
  void count_ofOneMore_differs() {
    assertThat(
            agree(
                List.of(row("a", 9_007_199_254_740_993L, 2, 3)),
                List.of(row("a", 9_007_199_254_740_992L, 2, 3))))
        .isFalse();
  }

  @Test
  void percentile_withinOnePercent_agrees() {
    assertThat(agree(List.of(row("a", 1, 101, 3)), List.of(row("a", 1, 100, 3)))).isTrue();
    assertThat(agree(List.of(row("a", 1, 99, 3)), List.of(row("a", 1, 100, 3)))).isTrue();
  }

  @Test
  void percentile_beyondOnePercent_differs() {
    assertThat(agree(List.of(row("a", 1, 101.1, 3)), List.of(row("a", 1, 100, 3)))).isFalse();
    assertThat(agree(List.of(row("a", 1, 98.9, 3)), List.of(row("a", 1, 100, 3)))).isFalse();
  }

  @Test
  void mean_beyondRounding_differs() {
    assertThat(agree(List.of(row("a", 1, 2, 3 + 1e-12)), List.of(row("a", 1, 2, 3)))).isTrue();
    assertThat(agree(List.of(row("a", 1, 2, 3.0001)), List.of(row("a", 1, 2, 3)))).isFalse();
  }

  @Test
  void absentValue_agreesWithAbsentOnly() {
    assertThat(agree(List.of(row("a", 1, Double.NaN, 3)), List.of(row("a", 1, Double.NaN, 3))))
        .isTrue();
    assertThat(agree(List.of(row("a", 1, Double.NaN, 3)), List.of(row("a", 1, 2, 3)))).isFalse();
    assertThat(agree(List.of(row("a", 1, 2, 3)), List.of(row("a", 1, Double.NaN, 3)))).isFalse();
  }

  @Test
  void otherKey_differs() {
    assertThat(agree(List.of(row("a", 1, 2, 3)), List.of(row("b", 1, 2, 3)))).isFalse();
  }

  @Test
  void missingRow_differs() {
    assertThat(Agreement.difference(VALUES, List.of(), List.of(row("a", 1, 2, 3))))
        .hasValue("1 rows expected, got 0");
  }
}
