package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrainTest {
  @ParameterizedTest
  @EnumSource
  void floor_randomInstants_agreesWithTheCalendar(Grain grain) {
    ChronoUnit unit = ChronoUnit.valueOf(grain.name() + "S");
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long micros = random.nextLong(-100_000_000_000_000_000L, 100_000_000_000_000_000L);
      Instant truncated =
          Instant.EPOCH
              .plus(micros, ChronoUnit.MICROS)
              .atOffset(ZoneOffset.UTC)
              .truncatedTo(unit)
              .toInstant();
      assertThat(grain.floor(micros))
          .as("seed 1, %d", micros)
          .isEqualTo(truncated.getEpochSecond() * 1_000_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void floorAndCeil_aroundBoundaries_encloseTheInstant(Grain grain) {
    long width = grain.micros();
    for (long start : new long[] {-2 * width, -width, 0, width, 1000 * width}) {
      assertThat(grain.aligned(start)).isTrue();
      assertThat(grain.aligned(start - 1)).isFalse();
      assertThat(grain.floor(start)).isEqualTo(start);
      assertThat(grain.ceil(start)).isEqualTo(start);
      assertThat(grain.floor(start - 1)).isEqualTo(start - width);
      assertThat(grain.ceil(start - 1)).isEqualTo(start);
      assertThat(grain.floor(start + 1)).isEqualTo(start);
      assertThat(grain.ceil(start + 1)).isEqualTo(start + width);
    }
  }

  @Test
  void floorAndCeil_atTheEndsOfLong_overflowVisibly() {
    assertThatThrownBy(() -> Grain.DAY.floor(Long.MIN_VALUE))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> Grain.DAY.ceil(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void micros_ofEachGrain_divideTheNext() {
    assertThat(Grain.values()).containsExactly(Grain.MINUTE, Grain.HOUR, Grain.DAY);
    assertThat(Grain.HOUR.micros() % Grain.MINUTE.micros()).isZero();
    assertThat(Grain.DAY.micros() % Grain.HOUR.micros()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void ofCode_ownCode_isTheGrain(Grain grain) {
    assertThat(Grain.ofCode(grain.code())).isEqualTo(grain);
  }

  @Test
  void code_ofEachGrain_neverChanges() {
    assertThat(List.of(Grain.values()))
        .extracting(Grain::code)
        .containsExactly((short) 1, (short) 2, (short) 3);
    assertThat(List.of(Grain.values()))
        .extracting(Grain::sqlName)
        .containsExactly("minute", "hour", "day");
  }

  @Test
  void ofCode_unknown_isRefused() {
    assertThatThrownBy(() -> Grain.ofCode(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("grain: must be 1, 2 or 3, got 4");
  }
}
