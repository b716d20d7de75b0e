package dev.windrow.query.paging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.worth.Position;
import dev.windrow.rollup.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SummaryPageTokenTest {
  private static final byte[] SCOPE = "a question".getBytes(StandardCharsets.UTF_8);
  private static final PageStart PAGE =
      new PageStart(
          Optional.of(new Position.OfSnapshot("10:200:10,15")),
          70_000,
          Optional.of(new TimeRange(-7, 1L << 40)));

  @Test
  void decode_ofWhatWasEncoded_isTheSame() {
    assertThat(SummaryPageToken.decode(SummaryPageToken.encode(PAGE, SCOPE), SCOPE))
        .isEqualTo(PAGE);
  }

  @Test
  void decode_forAnotherQuestion_isRefused() {
    String text = SummaryPageToken.encode(PAGE, SCOPE);
    byte[] other = "another question".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> SummaryPageToken.decode(text, other))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decode_ofAChangedToken_isRefusedAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String text = SummaryPageToken.encode(PAGE, SCOPE);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder changed = new StringBuilder(text);
      for (int n = random.nextInt(3); n >= 0; n--) {
        changed.setCharAt(random.nextInt(text.length()), (char) (33 + random.nextInt(94)));
      }
      if (random.nextInt(5) == 0) {
        changed.setLength(random.nextInt(text.length()));
      }
      if (!changed.toString().equals(text)) {
        assertThatThrownBy(() -> SummaryPageToken.decode(changed.toString(), SCOPE))
            .as("seed " + seed + ": " + changed)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void decode_ofAHugeToken_isRefused() {
    assertThatThrownBy(() -> SummaryPageToken.decode("A".repeat(1 << 20), SCOPE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void pageStart_laterWithoutAPosition_isNone() {
    assertThatThrownBy(() -> new PageStart(Optional.empty(), 1, PAGE.window()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PageStart(PAGE.position(), -1, PAGE.window()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
