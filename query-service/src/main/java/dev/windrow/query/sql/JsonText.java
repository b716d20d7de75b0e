package dev.windrow.query.sql;

import java.util.regex.Pattern;

/** JSON as PostgreSQL can store it. */
public final class JsonText {
  // PostgreSQL has no text with U+0000. An even number of backslashes before is text themselves.
  private static final Pattern ZERO = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\u0000");

  private JsonText() {}

  /** Whether no text in it contains U+0000. */
  public static boolean isStorable(String json) {
    return !ZERO.matcher(json).find();
  }
}
