package dev.windrow.query.fuzz;

import dev.windrow.query.listing.PageToken;
import dev.windrow.rollup.TimeRange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes as a page token, as its text and as what the text encodes: a token again, or refused. */
public final class PageTokenTarget {
  private static final TimeRange WINDOW = new TimeRange(0, 1_000_000);
  private static final String SCOPE = "type = seen";

  private PageTokenTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    decode(new String(data, StandardCharsets.UTF_8));
    decode(Base64.getUrlEncoder().withoutPadding().encodeToString(data));
    // Past the digest: what a token might hold if somebody could sign it.
    if (data.length > 0) {
      PageToken token;
      try {
        token =
            new PageToken(
                data[0], data.length, data.length, new String(data, StandardCharsets.ISO_8859_1));
      } catch (IllegalArgumentException e) {
        return;
      }
      String text = token.encode(WINDOW, SCOPE);
      if (data[0] >= 0 && !token.equals(PageToken.decode(text, WINDOW, SCOPE))) {
        throw new AssertionError("another token than " + token);
      }
    }
  }

  private static void decode(String text) {
    try {
      PageToken token = PageToken.decode(text, WINDOW, SCOPE);
      if (!WINDOW.contains(token.occurredAtMicros())) {
        throw new AssertionError("a token from beyond the window: " + token);
      }
    } catch (IllegalArgumentException e) {
      // Refused.
    }
  }
}
