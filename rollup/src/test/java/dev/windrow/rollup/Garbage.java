package dev.windrow.rollup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Random and damaged bytes for decoders. */
final class Garbage {
  private Garbage() {}

  /**
   * Feeds a decoder garbage. It must refuse with an IllegalArgumentException, or decode to
   * something that encodes to the very same bytes.
   */
  static <T> void feed(Function<byte[], T> decode, Function<T, byte[]> encode, List<byte[]> valid) {
    for (int seed = 0; seed < 100_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = damaged(valid.get(random.nextInt(valid.size())), random);
      T decoded;
      try {
        decoded = decode.apply(bytes);
      } catch (IllegalArgumentException refused) {
        assertThat(refused)
            .as("seed %d", seed)
            .hasMessageMatching("(quantile sketch|entity sketch|latest event|sum of squares): .*");
        continue;
      } catch (RuntimeException other) {
        fail("seed " + seed, other);
        continue;
      }
      assertThat(encode.apply(decoded)).as("seed %d", seed).isEqualTo(bytes);
    }
  }

  private static byte[] damaged(byte[] valid, SplittableRandom random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 3));
      case 1 -> {
        bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        if (bytes.length > 0) {
          bytes[0] = 1;
        }
      }
      default -> {
        for (int i = random.nextInt(4); i >= 0; i--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
      }
    }
    return bytes;
  }
}
