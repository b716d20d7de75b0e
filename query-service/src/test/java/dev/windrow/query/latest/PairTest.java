package dev.windrow.query.latest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairTest {
  private static final List<String> PARTS =
      List.of("", "a", "Z", "\u00e9", "\uD7FF", "\uE000", "\uFFFF", "\uD83D\uDE00", "\uD800\uDC00");

  @Test
  void compareTo_isByCodePoint_asUtf8IsByByte() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Comparator<Pair> byBytes =
        Comparator.comparing((Pair pair) -> utf8(pair.type()), Arrays::compareUnsigned)
            .thenComparing(pair -> utf8(pair.entityId()), Arrays::compareUnsigned);
    for (int i = 0; i < 20_000; i++) {
      Pair a = pair(random);
      Pair b = pair(random);
      assertThat(Integer.signum(a.compareTo(b)))
          .as("seed %d: %s and %s", seed, a, b)
          .isEqualTo(Integer.signum(byBytes.compare(a, b)));
    }
  }

  private static Pair pair(Random random) {
    return new Pair(text(random), text(random));
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(PARTS.get(random.nextInt(PARTS.size())));
    }
    return text.toString();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
