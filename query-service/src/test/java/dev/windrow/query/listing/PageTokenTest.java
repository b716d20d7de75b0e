package dev.windrow.query.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.rollup.TimeRange;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTest {
  private static final TimeRange WINDOW = new TimeRange(0, 1000);
  private static final PageToken TOKEN = new PageToken(7, 8, 9, "10:20:10,15");

  @Test
  void decode_ofWhatWasEncoded_isTheSame() {
    assertThat(PageToken.decode(TOKEN.encode(WINDOW, "type = a"), WINDOW, "type = a"))
        .isEqualTo(TOKEN);
  }

  @Test
  void decode_forAnotherListing_isRefused() {
    String text = TOKEN.encode(WINDOW, "type = a");
    assertThatThrownBy(() -> PageToken.decode(text, WINDOW, "type = b"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PageToken.decode(text, new TimeRange(0, 1001), "type = a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void decode_ofAChangedToken_isRefusedAndNothingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String text = TOKEN.encode(WINDOW, "");
    for (int i = 0; i < 20_000; i++) {
      StringBuilder changed = new StringBuilder(text);
      for (int n = random.nextInt(3); n >= 0; n--) {
        changed.setCharAt(random.nextInt(text.length()), (char) (33 + random.nextInt(94)));
      }
      if (random.nextInt(5) == 0) {
        changed.setLength(random.nextInt(text.length()));
      }
      if (!changed.toString().equals(text)) {
        assertThatThrownBy(() -> PageToken.decode(changed.toString(), WINDOW, ""))
            .as("seed " + seed + ": " + changed)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1:2",
        "0:2:",
        "3:2:",
        "1:5:6",
        "1:5:5",
        "2:5:1",
        "1:5:2,2",
        "1:5:3,2",
        "1:5:,",
        "1:9223372036854775808:",
        "a:b:",
        "1:2:;"
      })
  void snapshot_thatPostgresWouldRefuse_isRefused(String text) {
    assertThatThrownBy(() -> new PageToken(7, 8, 9, text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1:1:", "1:5:1", "10:20:10,15", "1:9223372036854775807:"})
  void snapshot_thatPostgresWrites_isTaken(String text) {
    assertThat(new PageToken(7, 8, 9, text).snapshot()).isEqualTo(text);
  }
}
