package dev.windrow.query.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExactRatioTest {
  @Test
  void ratio_ofDoubles_isTheirQuotient() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double a = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20);
      double b = 1 + random.nextInt(1_000_000);
      assertThat(ExactRatio.of(new BigDecimal(a), new BigDecimal(b)))
          .as("seed " + seed + ": " + a + " / " + b)
          .isEqualTo(a / b);
    }
  }

  @Test
  void ratio_halfwayBetweenTwoDoubles_goesToTheEvenOne_andJustBeyondToTheNext() {
    BigDecimal halfway =
        new BigDecimal(1.0).add(new BigDecimal(Math.ulp(1.0)).divide(new BigDecimal(2)));
    BigDecimal tiny = BigDecimal.ONE.movePointLeft(300);
    BigDecimal three = BigDecimal.valueOf(3);
    assertThat(ExactRatio.of(halfway.multiply(three), three)).isEqualTo(1.0);
    assertThat(ExactRatio.of(halfway.add(tiny).multiply(three), three)).isEqualTo(Math.nextUp(1.0));
    assertThat(ExactRatio.of(halfway.add(tiny).multiply(three).negate(), three))
        .isEqualTo(-Math.nextUp(1.0));
  }

  @Test
  void ratio_ofZero_isZero() {
    assertThat(ExactRatio.of(BigDecimal.ZERO, BigDecimal.TEN)).isZero();
  }
}
