package dev.windrow.query.filter;

import dev.windrow.query.filter.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Cuts a filter into tokens; the last one is always {@link Kind#END}. */
final class FilterLexer {
  private final String text;
  private int at;

  private FilterLexer(String text) {
    this.text = text;
  }

  static List<Token> tokens(String text) {
    FilterLexer lexer = new FilterLexer(text);
    List<Token> tokens = new ArrayList<>();
    Token token;
    do {
      token = lexer.next();
      tokens.add(token);
    } while (token.kind() != Kind.END);
    return tokens;
  }

  private Token next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    if (at == text.length()) {
      return new Token(Kind.END, "", at);
    }
    return switch (text.charAt(at)) {
      case '(' -> symbol(Kind.OPEN, 1);
      case ')' -> symbol(Kind.CLOSE, 1);
      case ',' -> symbol(Kind.COMMA, 1);
      case ':' -> symbol(Kind.COLON, 1);
      case '=' -> symbol(Kind.EQUAL, 1);
      case '!' -> notEqual();
      case '"' -> quoted();
      default -> word();
    };
  }

  private Token symbol(Kind kind, int length) {
    Token token = new Token(kind, text.substring(at, at + length), at);
    at += length;
    return token;
  }

  private Token notEqual() {
    if (at + 1 < text.length() && text.charAt(at + 1) == '=') {
      return symbol(Kind.NOT_EQUAL, 2);
    }
    throw new FilterException(at, "expected '!='");
  }

  private Token quoted() {
    int start = at++;
    StringBuilder content = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return new Token(Kind.QUOTED, content.toString(), start);
      }
      if (c == '\0') {
        throw new FilterException(at - 1, "U+0000 is in no event");
      }
      content.append(c == '\\' ? escaped() : c);
    }
    throw new FilterException(start, "expected a closing '\"'");
  }

  private char escaped() {
    if (at < text.length() && (text.charAt(at) == '"' || text.charAt(at) == '\\')) {
      return text.charAt(at++);
    }
    throw new FilterException(at - 1, "expected '\\\"' or '\\\\'");
  }

  private Token word() {
    int start = at;
    while (at < text.length() && isWordPart(text.codePointAt(at))) {
      at += Character.charCount(text.codePointAt(at));
    }
    if (at == start) {
      throw new FilterException(
          start, "expected a word, a quoted text or an operator; quote other characters");
    }
    return new Token(Kind.WORD, text.substring(start, at), start);
  }

  static boolean isWordPart(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-';
  }
}
