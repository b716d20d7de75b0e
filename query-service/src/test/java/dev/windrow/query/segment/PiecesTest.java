package dev.windrow.query.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.Tier;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.TimeRange;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class PiecesTest {
  private static final long HOUR = Grain.HOUR.micros();
  private static final long DAY = Grain.DAY.micros();
  private static final RollupDefinition ROLLUP =
      new RollupDefinition(1, "by-type", List.of(Dimension.TYPE), Set.of(Grain.HOUR, Grain.DAY));

  @RepeatedTest(50)
  void pieces_coverTheirSegments_andLieOnTheGridOfTheirLength() {
    Random random = new Random();
    long day = random.nextInt(-500, 500);
    long to = day + 1 + random.nextInt(400);
    Segment days = new Segment(Tier.DAY, new TimeRange(day * DAY, to * DAY));

    List<Segment> pieces = Pieces.of(plan(days));

    assertThat(Pieces.joined(pieces)).containsExactly(days);
    for (Segment piece : pieces) {
      long length = piece.range().lengthMicros() / DAY;
      assertThat(Long.bitCount(length)).isEqualTo(1);
      assertThat(Math.floorMod(piece.range().fromMicros() / DAY, length)).isZero();
    }
    assertThat(pieces.size()).isLessThanOrEqualTo((int) ((to - day) / 32 + 10));
  }

  @Test
  void windowThatMovesOnByADay_sharesMostOfItsDays() {
    Set<Segment> today = new HashSet<>(Pieces.of(plan(days(100, 130))));
    List<Segment> tomorrow = Pieces.of(plan(days(101, 131)));

    long shared =
        tomorrow.stream()
            .filter(today::contains)
            .mapToLong(piece -> piece.range().lengthMicros() / DAY)
            .sum();

    assertThat(shared).isGreaterThanOrEqualTo(24);
  }

  @Test
  void hoursAndDays_areCutApart_andTheEndsAreLeftWhole() {
    Segment edge = new Segment(Tier.RAW, new TimeRange(5 * HOUR - 7, 5 * HOUR));
    Segment hours = new Segment(Tier.HOUR, new TimeRange(5 * HOUR, DAY));
    Segment days = new Segment(Tier.DAY, new TimeRange(DAY, 4 * DAY));

    List<Segment> pieces = Pieces.of(plan(edge, hours, days));

    assertThat(pieces)
        .containsExactly(
            edge,
            new Segment(Tier.HOUR, new TimeRange(5 * HOUR, 6 * HOUR)),
            new Segment(Tier.HOUR, new TimeRange(6 * HOUR, 8 * HOUR)),
            new Segment(Tier.HOUR, new TimeRange(8 * HOUR, 16 * HOUR)),
            new Segment(Tier.HOUR, new TimeRange(16 * HOUR, 24 * HOUR)),
            new Segment(Tier.DAY, new TimeRange(DAY, 2 * DAY)),
            new Segment(Tier.DAY, new TimeRange(2 * DAY, 4 * DAY)));
    assertThat(Pieces.joined(pieces)).containsExactly(edge, hours, days);
  }

  private static Segment days(long from, long to) {
    return new Segment(Tier.DAY, new TimeRange(from * DAY, to * DAY));
  }

  private static WindowPlan plan(Segment... segments) {
    return new WindowPlan(
        Optional.of(ROLLUP), "", List.of(segments), List.of(), Disturbance.none(), true);
  }
}
