package dev.windrow.ingest.accept;

/**
 * Finds an attribute in the JSON text that acceptance has written: one flat object of texts,
 * without space between its parts, and few kinds of escapes.
 */
public final class AttributeText {
  private AttributeText() {}

  /** The attribute's value; the empty string if there is none of this name. */
  public static String of(String json, String name) {
    int at = 1;
    while (at < json.length() && json.charAt(at) == '"') {
      int nameEnd = end(json, at);
      int valueEnd = end(json, nameEnd + 2);
      if (text(json, at, nameEnd).equals(name)) {
        return text(json, nameEnd + 2, valueEnd);
      }
      // Behind the closing quote and the comma.
      at = valueEnd + 2;
    }
    return "";
  }

  /** Where the text that opens there closes. */
  private static int end(String json, int quote) {
    int at = quote + 1;
    while (json.charAt(at) != '"') {
      at += json.charAt(at) == '\\' ? 2 : 1;
    }
    return at;
  }

  private static String text(String json, int quote, int end) {
    if (json.indexOf('\\', quote) < 0) {
      return json.substring(quote + 1, end);
    }
    StringBuilder text = new StringBuilder();
    for (int at = quote + 1; at < end; at++) {
      char c = json.charAt(at);
      if (c == '\\') {
        at++;
        switch (json.charAt(at)) {
          case 'n' -> text.append('\n');
          case 'r' -> text.append('\r');
          case 't' -> text.append('\t');
          case 'u' -> {
            text.append((char) Integer.parseInt(json, at + 1, at + 5, 16));
            at += 4;
          }
          default -> text.append(json.charAt(at));
        }
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }
}
