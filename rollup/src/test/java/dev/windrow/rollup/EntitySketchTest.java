package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EntitySketchTest {
  @Test
  void estimate_upToTheLimit_isExactThenNot() {
    long[] hashes = new SplittableRandom(1).longs(EntitySketch.MAX_EXACT + 1).toArray();
    hashes[7] = 0;
    EntitySketch full = sketchOf(Arrays.copyOf(hashes, EntitySketch.MAX_EXACT));
    assertThat(full.exact()).isTrue();
    assertThat(full.estimate()).isEqualTo(EntitySketch.MAX_EXACT);
    assertThat(full.merge(full)).isEqualTo(full);
    EntitySketch over = sketchOf(hashes);
    assertThat(over.exact()).isFalse();
    assertThat(over.estimate()).isBetween(500L, 525L);
  }

  @Test
  void accumulator_ofAFewHashes_hasEachOnce_howeverTheyCame() {
    long[] some = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE};
    for (int seed = 0; seed < 2_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      EntityAccumulator sum = new EntityAccumulator();
      TreeSet<Long> expected = new TreeSet<>(Long::compareUnsigned);
      for (int parts = random.nextInt(4); parts >= 0; parts--) {
        EntityAccumulator part = random.nextBoolean() ? sum : new EntityAccumulator();
        for (int n = random.nextInt(3); n > 0; n--) {
          long hash = some[random.nextInt(some.length)];
          part.add(hash);
          expected.add(hash);
        }
        if (part != sum && random.nextBoolean()) {
          sum.merge(part);
        } else if (part != sum) {
          sum.merge(part.toSketch());
        }
      }
      assertThat(sum.toSketch().hashes())
          .as("seed %d", seed)
          .isEqualTo(expected.stream().mapToLong(Long::longValue).toArray());
    }
  }

  @Test
  void merge_splitAnywhereWithOverlap_hasTheBytesOfTheWhole() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long[] hashes = hashes(random, 1, 3000);
      int split = random.nextInt(hashes.length + 1);
      int overlap = random.nextInt(split + 1);
      EntitySketch left = sketchOf(Arrays.copyOf(hashes, split));
      EntitySketch right = sketchOf(Arrays.copyOfRange(hashes, split - overlap, hashes.length));
      EntitySketch whole = sketchOf(hashes);
      assertThat(left.merge(right)).as("seed %d", seed).isEqualTo(whole).hasSameHashCodeAs(whole);
      assertThat(right.merge(left).toBytes()).as("seed %d", seed).isEqualTo(whole.toBytes());
    }
  }

  @Test
  void merge_lawsOfASetUnion_hold() {
    for (int seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      EntitySketch a = sketchOf(hashes(random, 0, 800));
      EntitySketch b = sketchOf(hashes(random, 0, 800));
      EntitySketch c = sketchOf(hashes(random, 0, 800));
      assertThat(a.merge(b).merge(c)).as("seed %d", seed).isEqualTo(a.merge(b.merge(c)));
      assertThat(a.merge(b)).as("seed %d", seed).isEqualTo(b.merge(a));
      assertThat(a.merge(a)).as("seed %d", seed).isEqualTo(a);
      assertThat(a.merge(EntitySketch.empty()))
          .as("seed %d", seed)
          .isEqualTo(EntitySketch.empty().merge(a))
          .isEqualTo(a);
    }
  }

  @Test
  void merge_operands_stayAsTheyAre() {
    SplittableRandom random = new SplittableRandom(1);
    EntitySketch a = sketchOf(random.longs(2000).toArray());
    EntitySketch b = sketchOf(random.longs(2000).toArray());
    byte[] before = a.toBytes();
    EntitySketch merged = a.merge(b);
    assertThat(merged).isNotEqualTo(a);
    assertThat(a.toBytes()).isEqualTo(before);
  }

  @Test
  void estimate_manyRandomSets_keepsTheStandardError() {
    // Sets that are small against the 4096 registers do better than the asymptotic error.
    assertThat(rootMeanSquare(600, 20_000)).isBetween(0.6, 1.1);
    assertThat(rootMeanSquare(20_000, 200_000)).isBetween(0.85, 1.15);
  }

  /** Of the errors over 120 sets, in standard errors. */
  private static double rootMeanSquare(int fewest, int most) {
    int sets = 120;
    double squares = 0;
    for (int seed = 0; seed < sets; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int n = (int) (fewest * Math.pow(most / (double) fewest, random.nextDouble()));
      EntityAccumulator accumulator = new EntityAccumulator();
      for (int i = 0; i < n; i++) {
        accumulator.add(EntitySketch.hash("entity-" + seed + "-" + i));
      }
      double error =
          (accumulator.toSketch().estimate() / (double) n - 1)
              / EntitySketch.RELATIVE_STANDARD_ERROR;
      assertThat(Math.abs(error)).as("seed %d, n %d", seed, n).isLessThan(4);
      squares += error * error;
    }
    return Math.sqrt(squares / sets);
  }

  private static long[] hashes(SplittableRandom random, int atLeast, int below) {
    return random.longs(random.nextInt(atLeast, below)).toArray();
  }

  static EntitySketch sketchOf(long... hashes) {
    EntityAccumulator accumulator = new EntityAccumulator();
    for (long hash : hashes) {
      accumulator.add(hash);
    }
    return accumulator.toSketch();
  }
}
