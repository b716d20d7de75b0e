package dev.windrow.query.latest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LatestPageTokenTest {
  private static final LatestPageToken TOKEN =
      new LatestPageToken(new Pair("t\u00e9", "entity \uD83D\uDE00"), "10:20:10,15");

  @Test
  void decode_ofWhatWasEncoded_isTheSame() {
    assertThat(LatestPageToken.decode(TOKEN.encode("scope"), "scope")).isEqualTo(TOKEN);
  }

  @Test
  void decode_forAnotherScope_isRefused() {
    String text = TOKEN.encode("scope");
    assertThatThrownBy(() -> LatestPageToken.decode(text, "scop"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decode_ofAChangedToken_isRefusedAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String text = TOKEN.encode("");
    for (int i = 0; i < 20_000; i++) {
      StringBuilder changed = new StringBuilder(text);
      for (int n = random.nextInt(3); n >= 0; n--) {
        changed.setCharAt(random.nextInt(text.length()), (char) (33 + random.nextInt(94)));
      }
      if (random.nextInt(5) == 0) {
        changed.setLength(random.nextInt(text.length()));
      }
      String context = "seed " + seed + ": " + changed;
      try {
        // The last character may say the same in another way.
        assertThat(LatestPageToken.decode(changed.toString(), "")).as(context).isEqualTo(TOKEN);
      } catch (IllegalArgumentException refused) {
        assertThat(changed.toString()).as(context).isNotEqualTo(text);
      }
    }
  }
}
