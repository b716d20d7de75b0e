package dev.windrow.query.filter;

/**
 * A piece of a filter.
 *
 * @param text of a word as written, of a quoted string without its quotes and escapes
 * @param position of its first character
 */
record Token(Kind kind, String text, int position) {
  enum Kind {
    WORD,
    QUOTED,
    EQUAL,
    NOT_EQUAL,
    COLON,
    COMMA,
    OPEN,
    CLOSE,
    END
  }

  boolean isKeyword(String keyword) {
    return kind == Kind.WORD && text.equals(keyword);
  }

  boolean isReserved() {
    return isKeyword("AND") || isKeyword("OR") || isKeyword("NOT");
  }

  /** How an error message names it. */
  String described() {
    return switch (kind) {
      case END -> "the end";
      case QUOTED -> "a quoted text";
      default -> "'" + text + "'";
    };
  }
}
