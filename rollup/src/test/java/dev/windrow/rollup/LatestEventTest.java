package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatestEventTest {
  private static final Aggregate NOT_KNOWN =
      Aggregate.of(1, 0, BigDecimal.ZERO, null, null, BigInteger.ZERO, null, null);

  /** Stored bytes must stay readable: the literals here never change. */
  @ParameterizedTest
  @CsvSource({
    "981173106000001, 42, 7, 1.5, late, 18037c5f2a724081 00000000002a 00000f 3ff8000000000000 6c617465",
    "0, 0, 0, , '', 1800000000000000 000000000000 000000",
    "-1, 281474976710655, 8388607, -0.0, \u00e9, 17ffffffffffffff ffffffffffff ffffff 8000000000000000 c3a9"
  })
  void toBytes_fixedEvents_areThese(
      long at, long batch, int index, Double value, String status, String hex) {
    LatestEvent event = new LatestEvent(at, batch, index, value, status);
    byte[] golden = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(event.toBytes()).isEqualTo(golden);
    assertThat(LatestEvent.fromBytes(golden)).isEqualTo(event);
  }

  @Test
  void toBytes_ofRandomEvents_areOrderedAsTheyAre() {
    SplittableRandom random = new SplittableRandom(1);
    List<LatestEvent> events = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      events.add(
          new LatestEvent(
              random.nextBoolean() ? random.nextInt(-2, 3) : random.nextLong(-1L << 58, 1L << 58),
              random.nextBoolean() ? random.nextInt(3) : random.nextLong(1L << 48),
              random.nextBoolean() ? random.nextInt(3) : random.nextInt(1 << 23),
              random.nextBoolean() ? null : random.nextDouble(),
              "s" + random.nextInt(3)));
    }
    List<LatestEvent> byBytes = new ArrayList<>(events);
    byBytes.sort((a, b) -> Arrays.compareUnsigned(a.toBytes(), b.toBytes()));
    assertThat(byBytes)
        .isSortedAccordingTo(
            Comparator.comparingLong(LatestEvent::occurredAtMicros)
                .thenComparingLong(LatestEvent::batchId)
                .thenComparingInt(LatestEvent::batchIndex))
        .isSortedAccordingTo(Comparator.naturalOrder());
    assertThat(byBytes)
        .allSatisfy(event -> assertThat(LatestEvent.fromBytes(event.toBytes())).isEqualTo(event));
  }

  @ParameterizedTest
  @CsvSource({
    "18037c5f2a72408100000000002a0000, truncated",
    "28037c5fd06a588100000000002a00000e, version",
    "18037c5f2a72408100000000002a00000f3ff80000000000, within the value",
    "18037c5f2a72408100000000002a00000f7ff0000000000000, finite",
    "18037c5f2a72408100000000002a00000eff, UTF-8",
    "100000000000000000000000002a00000e, time out of range"
  })
  void fromBytes_impossibleBytes_areRefused(String hex, String reason) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> LatestEvent.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("latest event: ")
        .hasMessageContaining(reason);
  }

  @Test
  void fromBytes_garbage_isRefusedOrCanonical() {
    Garbage.feed(
        LatestEvent::fromBytes,
        LatestEvent::toBytes,
        List.of(
            new LatestEvent(1, 2, 3, 4.0, "ok").toBytes(),
            new LatestEvent(-1, 2, 3, null, "\u00e9").toBytes()));
  }

  @Test
  void constructor_outOfRange_isRefused() {
    assertThatThrownBy(() -> new LatestEvent(1L << 59, 0, 0, null, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LatestEvent(0, 1L << 48, 0, null, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LatestEvent(0, 0, 1 << 23, null, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LatestEvent(0, 0, -1, null, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void merge_ofAnySplit_keepsTheNewest() {
    for (int seed = 0; seed < 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Fact> facts = Fact.random(random, 1 + random.nextInt(300));
      int split = random.nextInt(facts.size() + 1);
      Aggregate left = Fact.withLatest(facts.subList(0, split));
      Aggregate right = Fact.withLatest(facts.subList(split, facts.size()));
      LatestEvent newest =
          facts.stream().map(Fact::toLatest).max(Comparator.naturalOrder()).orElseThrow();
      assertThat(left.merge(right).latest()).as("seed %d", seed).isEqualTo(newest);
      assertThat(right.merge(left).latest()).as("seed %d", seed).isEqualTo(newest);
    }
  }

  @Test
  void merge_withWhatDoesNotKnow_doesNotKnow() {
    Aggregate known = Fact.withLatest(Fact.random(new SplittableRandom(1), 3));
    assertThat(known.merge(NOT_KNOWN).latest()).isNull();
    assertThat(NOT_KNOWN.merge(known).latest()).isNull();
    assertThat(NOT_KNOWN.merge(known).merge(known).latest()).isNull();
    assertThat(known.merge(NOT_KNOWN.merge(known)).latest()).isNull();
    assertThat(known.merge(Aggregate.empty()).latest()).isEqualTo(known.latest());
  }

  @Test
  void of_noBytes_isNotKnown() {
    LatestEvent event = new LatestEvent(1, 2, 3, null, "");
    assertThat(of(new byte[0]).latest()).isNull();
    assertThat(of(event.toBytes()).latest()).isEqualTo(event);
  }

  private static Aggregate of(byte[] latest) {
    return Aggregate.of(
        1, 0, BigDecimal.ZERO, null, null, BigInteger.ZERO, null, null, latest, null);
  }
}
