package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stored sketches must stay readable: the literals here never change. */
class SketchFormatTest {
  @Test
  void quantileSketch_fixedValues_hasTheseBytes() {
    QuantileSketch sketch = QuantileSketchTest.sketchOf(-2, 0, 0, 1, 1.5, 1.5, 100);
    assertThat(HexFormat.of().formatHex(sketch.toBytes())).isEqualTo("0102014601030014d401010201");
    assertThat(QuantileSketch.fromBytes(HexFormat.of().parseHex("0102014601030014d401010201")))
        .isEqualTo(sketch);
  }

  @Test
  void quantileSketch_endsOfTheRange_hasTheseBytes() {
    QuantileSketch sketch =
        QuantileSketchTest.sketchOf(-Double.MAX_VALUE, Double.MIN_VALUE, Double.MAX_VALUE);
    assertThat(HexFormat.of().formatHex(sketch.toBytes()))
        .isEqualTo("010001feaf040102abcb04d5bd040101");
  }

  @Test
  void entitySketch_threeIds_hasTheseBytes() {
    EntitySketch sketch =
        EntitySketchTest.sketchOf(
            EntitySketch.hash(""), EntitySketch.hash("a"), EntitySketch.hash("customer-42"));
    String golden = "0101" + "0d78baac08237ddb" + "2d06800538d394c2" + "c592cc12b1ba3565";
    assertThat(HexFormat.of().formatHex(sketch.toBytes())).isEqualTo(golden);
    assertThat(EntitySketch.fromBytes(HexFormat.of().parseHex(golden))).isEqualTo(sketch);
  }

  @Test
  void entitySketch_denseForm_hasThisHeaderAndDigest() throws NoSuchAlgorithmException {
    byte[] bytes =
        EntitySketchTest.sketchOf(new SplittableRandom(42).longs(2000).toArray()).toBytes();
    assertThat(bytes).hasSize(2 + 4096).startsWith(1, 2);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
    assertThat(HexFormat.of().formatHex(digest))
        .isEqualTo("7041c1bdab75df6578f341c7e8859d9f401a17c226c9b7a5300fe4ac33d95e68");
    assertThat(EntitySketch.fromBytes(bytes).toBytes()).isEqualTo(bytes);
  }

  @Test
  void hash_fixedIds_neverChanges() {
    // The first is a published test vector of XXH3 with seed 0.
    assertThat(EntitySketch.hash("")).isEqualTo(0x2d06800538d394c2L);
    assertThat(EntitySketch.hash("a")).isEqualTo(0x0d78baac08237ddbL);
    assertThat(EntitySketch.hash("Zo\u00eb-\u5317\u4eac-\uD83D\uDE00"))
        .isEqualTo(0xfe211c73b812ea26L);
    assertThat(EntitySketch.hash("x".repeat(300))).isEqualTo(0x804a84e2a542dd6bL);
  }

  @Test
  void empty_ofBoth_hasNoBytes() {
    assertThat(QuantileSketch.empty().toBytes()).isEmpty();
    assertThat(EntitySketch.empty().toBytes()).isEmpty();
    assertThat(QuantileSketch.fromBytes(new byte[0])).isEqualTo(QuantileSketch.empty());
    assertThat(EntitySketch.fromBytes(new byte[0])).isEqualTo(EntitySketch.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "02, version",
    "01, truncated",
    "01000000, empty sketch",
    "0100000100, number of bins",
    "010000010000, a count must be positive",
    "01000001000100, must end here",
    "0100000280000101, shortest form",
    "01000002000001 01, indexes must ascend",
    "01000001feffff0f01, index must be that of a double",
    "01ffffffffffffffffff0101000100, must not be negative",
    "010000020001ffffffffffffffff7f01, must fit 63 bits",
    "0100ffffffffffffffff7f, number of bins"
  })
  void quantileSketch_impossibleBytes_areRefused(String hex, String reason) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> QuantileSketch.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("quantile sketch: ")
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "02, version",
    "0101, truncated",
    "010301, form",
    "010100, 1 to 512 hashes",
    "010100000000000000020000000000000001, must ascend",
    "010100000000000000020000000000000002, must ascend",
    "010200, 4096 registers"
  })
  void entitySketch_impossibleBytes_areRefused(String hex, String reason) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> EntitySketch.fromBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("entity sketch: ")
        .hasMessageContaining(reason);
  }

  @Test
  void quantileSketch_garbage_isRefusedOrCanonical() {
    SplittableRandom random = new SplittableRandom(1);
    Garbage.feed(
        QuantileSketch::fromBytes,
        QuantileSketch::toBytes,
        List.of(
            QuantileSketchTest.sketchOf(1).toBytes(),
            QuantileSketchTest.sketchOf(-2, 0, 0, 1, 1.5, 1.5, 100).toBytes(),
            QuantileSketchTest.sketchOf(Doubles.adversarial(random, 100)).toBytes()));
  }

  @Test
  void entitySketch_garbage_isRefusedOrCanonical() {
    SplittableRandom random = new SplittableRandom(1);
    Garbage.feed(
        EntitySketch::fromBytes,
        EntitySketch::toBytes,
        List.of(
            EntitySketchTest.sketchOf(1).toBytes(),
            EntitySketchTest.sketchOf(random.longs(20).toArray()).toBytes(),
            EntitySketchTest.sketchOf(random.longs(3000).toArray()).toBytes()));
  }
}
