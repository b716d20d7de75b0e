package dev.windrow.query.paging;

import dev.windrow.runtime.error.Failure;
import java.nio.charset.StandardCharsets;

/**
 * Where a page of a listing begins, and how long it is.
 *
 * @param after the key of the last one of the page before; empty for the first page
 * @param scope what the pages of one listing have in common
 */
public record PageOf(String after, int size, String scope) {
  private static final byte VERSION = 6;
  private static final int DEFAULT_SIZE = 100;
  private static final int MAX_SIZE = 1_000;

  /**
   * The page that is asked for.
   *
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  public static PageOf of(String token, int size, String scope) {
    if (size < 0) {
      throw Failure.invalid("page_size", "must not be negative, got " + size).toException();
    }
    return new PageOf(
        after(token, scope), size == 0 ? DEFAULT_SIZE : Math.min(size, MAX_SIZE), scope);
  }

  private static String after(String token, String scope) {
    if (token.isEmpty()) {
      return "";
    }
    try {
      String after =
          StandardCharsets.UTF_8
              .decode(BoundToken.decode(token, VERSION, 1, bytes(scope)))
              .toString();
      if (after.indexOf('\0') < 0) {
        return after;
      }
    } catch (IllegalArgumentException e) {
      // As one of another listing.
    }
    throw foreign();
  }

  /** What to throw if {@link #after} is no key of the listing. */
  public static RuntimeException foreign() {
    return Failure.invalid("page_token", "must be a next_page_token of this listing").toException();
  }

  /** What asks for the page after this one, whose last one has this key. */
  public String next(String last) {
    byte[] key = bytes(last);
    byte[] content = new byte[1 + key.length];
    content[0] = VERSION;
    System.arraycopy(key, 0, content, 1, key.length);
    return BoundToken.encode(content, bytes(scope));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
