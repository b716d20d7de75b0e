package dev.windrow.query.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.plan.Horizons;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SelectArrivalsTest {
  private static final long MINUTE = Grain.MINUTE.micros();
  private static final List<Grain> GRAINS =
      List.of(Grain.MINUTE, Grain.HOUR, Grain.DAY, Grain.HOUR, Grain.MINUTE);

  @Test
  void parts_ofAnyRange_coverIt_eachOfItsGrain_andNoFinerThanNeeded() {
    long seed = Long.getLong("windrow.test.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long from = MINUTE * (random.nextInt(10_000) - 5_000);
      long to = from + MINUTE * (long) (1 + 10_000 * Math.pow(random.nextDouble(), 4));
      long[] bounds = SelectArrivals.bounds(new TimeRange(from, to));
      assertThat(bounds[0]).isEqualTo(from);
      assertThat(bounds[9]).isEqualTo(to);
      for (int part = 0; part < 5; part++) {
        long begin = bounds[2 * part];
        long end = bounds[2 * part + 1];
        String what = "seed %d, part %d of %d to %d".formatted(seed, part, from, to);
        assertThat(begin).as(what).isLessThanOrEqualTo(end);
        if (part > 0) {
          assertThat(begin).as(what).isEqualTo(bounds[2 * part - 1]);
        }
        if (begin < end) {
          Grain grain = GRAINS.get(part);
          assertThat(grain.aligned(begin) && grain.aligned(end)).as(what).isTrue();
          if (grain != Grain.DAY) {
            Grain coarser = grain == Grain.MINUTE ? Grain.HOUR : Grain.DAY;
            assertThat(coarser.ceil(begin)).as(what).isGreaterThanOrEqualTo(coarser.floor(end));
          }
        }
      }
    }
  }

  @Test
  void window_isWidenedToWhatIsKept() {
    long day = Grain.DAY.micros();
    long hour = Grain.HOUR.micros();
    Horizons horizons = new Horizons(0, 3 * day, 2 * day, day);
    assertThat(counted(3 * day + 1, 3 * day + 2, horizons))
        .isEqualTo(new TimeRange(3 * day, 3 * day + MINUTE));
    assertThat(counted(2 * day + hour + 1, 3 * day + 1, horizons))
        .isEqualTo(new TimeRange(2 * day + hour, 3 * day + MINUTE));
    assertThat(counted(day + 1, 2 * day + 1, horizons))
        .isEqualTo(new TimeRange(day, 2 * day + hour));
    assertThat(counted(1, day + 1, horizons)).isEqualTo(new TimeRange(day, 2 * day));
    assertThat(counted(1, 2, horizons).lengthMicros()).isZero();
    assertThat(counted(5, 5, Horizons.none())).isEqualTo(new TimeRange(5, 5));
    long last = 253_402_300_799_999_999L;
    assertThat(counted(0, last - 5, Horizons.none()))
        .as("there is no year 10,000")
        .isEqualTo(new TimeRange(0, last));
  }

  private static TimeRange counted(long from, long to, Horizons horizons) {
    return SelectArrivals.counted(new TimeRange(from, to), horizons);
  }
}
