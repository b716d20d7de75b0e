package dev.windrow.query.worth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.read.SourceWatermark;
import dev.windrow.rollup.TimeRange;
import org.junit.jupiter.api.Test;

class CoverageTest {
  private static final TimeRange WINDOW = new TimeRange(100, 200);

  @Test
  void coverage_upToTheWatermark_namesItsSource() {
    Coverage coverage = coverage(150, 1000);
    assertThat(coverage.share()).isEqualTo(0.5);
    assertThat(coverage.missing()).containsExactly(afterWatermark(150, 200));
  }

  @Test
  void coverage_ofWhatIsBehindAll_isWhole() {
    assertThat(coverage(200, 200)).isEqualTo(new Coverage(1, java.util.List.of()));
  }

  @Test
  void coverage_ofWhatIsBeforeAll_isNothing() {
    Coverage coverage = coverage(100, 200);
    assertThat(coverage.share()).isZero();
    assertThat(coverage.missing()).containsExactly(afterWatermark(100, 200));
    assertThat(coverage(-5, 200)).isEqualTo(coverage);
  }

  @Test
  void coverage_endsNow_evenIfMoreIsDeclared() {
    Coverage coverage = coverage(190, 125);
    assertThat(coverage.share()).isEqualTo(0.25);
    assertThat(coverage.missing()).containsExactly(future(125, 200));
  }

  @Test
  void coverage_ofPastAndFuture_givesBothReasonsInOrder() {
    assertThat(coverage(110, 150).missing())
        .containsExactly(afterWatermark(110, 150), future(150, 200));
  }

  @Test
  void coverage_ofTheFuture_isNothing() {
    assertThat(coverage(300, 100).missing()).containsExactly(future(100, 200));
    assertThat(coverage(300, 50)).isEqualTo(coverage(300, 100));
  }

  @Test
  void coverage_ofAnEmptyWindow_isWhole() {
    Coverage coverage = Coverage.of(new TimeRange(100, 100), new SourceWatermark("s", 0, 0), 50);
    assertThat(coverage.share()).isOne();
    assertThat(coverage.missing()).isEmpty();
  }

  @Test
  void coverage_isNeverRoundedToWhole() {
    long years = 9_000L * 365 * 86_400 * 1_000_000;
    TimeRange window = new TimeRange(0, years);
    Coverage coverage = Coverage.of(window, new SourceWatermark("s", years - 1, 0), years);
    assertThat(coverage.share()).isLessThan(1);
    assertThat(coverage.missing()).hasSize(1);
  }

  private static Coverage coverage(long completeUntil, long now) {
    return Coverage.of(WINDOW, new SourceWatermark("slow", completeUntil, 0), now);
  }

  private static MissingInterval afterWatermark(long from, long to) {
    return new MissingInterval(
        new TimeRange(from, to), MissingInterval.Reason.AFTER_WATERMARK, "slow");
  }

  private static MissingInterval future(long from, long to) {
    return new MissingInterval(new TimeRange(from, to), MissingInterval.Reason.FUTURE, "");
  }
}
