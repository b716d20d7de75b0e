package dev.windrow.query.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The corpus, and what is deeper and longer than a corpus should be. */
class FuzzTest {
  private static final int DEEP = 500_000;

  @ParameterizedTest
  @EnumSource
  void corpus_isAnsweredCleanly(Target target) throws IOException {
    List<byte[]> corpus = target.corpus();
    assertThat(corpus).hasSizeGreaterThan(10);
    for (byte[] data : corpus) {
      assertThatCode(() -> target.run(data))
          .as(() -> target + " of " + new String(data, StandardCharsets.UTF_8))
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @EnumSource
  void deepAndLongInputs_areAnsweredCleanly(Target target) {
    for (String part :
        List.of(
            "(", ")", "NOT ", "NOT(", "source = a AND ", "count,", "\"", "\\", " ", "A", "\n;")) {
      // The first byte of a request chooses a method, the others end in its fields' lengths.
      byte[] data = part.repeat(DEEP / part.length()).getBytes(StandardCharsets.UTF_8);
      assertThatCode(() -> target.run(data))
          .as(() -> target + " of many " + part)
          .doesNotThrowAnyException();
    }
  }
}
