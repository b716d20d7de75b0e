package dev.windrow.query.filter;

import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.query.filter.Token.Kind;
import dev.windrow.rollup.Dimension;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the filter language by recursive descent:
 *
 * <pre>
 * filter     = [ or ]
 * or         = and { "OR" and }
 * and        = factor { "AND" factor }
 * factor     = "NOT" factor | "(" or ")" | comparison
 * comparison = field ( "=" | "!=" ) value | field ":" "(" value { "," value } ")"
 * </pre>
 *
 * Length, comparisons and nesting are bounded, so neither the stack nor the statement can be blown
 * up.
 */
public final class FilterParser {
  /** In UTF-16 code units. */
  public static final int MAX_LENGTH = 2000;

  public static final int MAX_COMPARISONS = 50;
  static final int MAX_DEPTH = 100;

  private final List<Token> tokens;
  private int next;
  private int comparisons;
  private int depth;

  private FilterParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  /**
   * Reads a filter; an empty one holds for every event.
   *
   * @throws FilterException naming the place and what was expected there
   */
  public static Filter parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new FilterException(
          MAX_LENGTH, "at most " + MAX_LENGTH + " characters, got " + text.length());
    }
    FilterParser parser = new FilterParser(FilterLexer.tokens(text));
    if (parser.peek().kind() == Kind.END) {
      return new Filter.All();
    }
    Filter filter = parser.or();
    if (parser.peek().kind() != Kind.END) {
      throw parser.unexpected("AND, OR or the end");
    }
    return filter;
  }

  private Filter or() {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(and());
    } while (skipKeyword("OR"));
    return parts.size() == 1 ? parts.get(0) : new Filter.Or(parts);
  }

  private Filter and() {
    List<Filter> parts = new ArrayList<>();
    do {
      parts.add(factor());
    } while (skipKeyword("AND"));
    return parts.size() == 1 ? parts.get(0) : new Filter.And(parts);
  }

  private Filter factor() {
    if (depth == MAX_DEPTH) {
      throw new FilterException(
          peek().position(), "at most " + MAX_DEPTH + " levels of NOT and parentheses");
    }
    depth++;
    Filter factor;
    if (skipKeyword("NOT")) {
      factor = new Filter.Not(factor());
    } else if (peek().kind() == Kind.OPEN) {
      next++;
      factor = or();
      expect(Kind.CLOSE, "AND, OR or ')'");
    } else {
      factor = comparison();
    }
    depth--;
    return factor;
  }

  private Filter comparison() {
    Token field = peek();
    if (field.isReserved() || (field.kind() != Kind.WORD && field.kind() != Kind.QUOTED)) {
      throw unexpected("a field, NOT or '('");
    }
    if (++comparisons > MAX_COMPARISONS) {
      throw new FilterException(
          field.position(), "at most " + MAX_COMPARISONS + " comparisons, this is one more");
    }
    Dimension dimension = dimension(field);
    next++;
    return switch (peek().kind()) {
      case EQUAL -> single(dimension, false);
      case NOT_EQUAL -> single(dimension, true);
      case COLON -> new Comparison(dimension, false, list());
      default -> throw unexpected("'=', '!=' or ':'");
    };
  }

  private static Dimension dimension(Token field) {
    try {
      return Dimension.parse(field.text());
    } catch (IllegalArgumentException e) {
      throw new FilterException(
          field.position(),
          "expected type, source, status, entity_id or attributes.NAME, got " + field.described());
    }
  }

  private Comparison single(Dimension dimension, boolean negated) {
    next++;
    return new Comparison(dimension, negated, List.of(value()));
  }

  private List<String> list() {
    next++;
    expect(Kind.OPEN, "'('");
    List<String> values = new ArrayList<>();
    values.add(value());
    while (peek().kind() == Kind.COMMA) {
      next++;
      values.add(value());
    }
    expect(Kind.CLOSE, "',' or ')'");
    return values;
  }

  private String value() {
    Token token = peek();
    if (token.kind() == Kind.QUOTED || (token.kind() == Kind.WORD && !token.isReserved())) {
      next++;
      return token.text();
    }
    throw unexpected("a word or a quoted text");
  }

  private boolean skipKeyword(String keyword) {
    if (peek().isKeyword(keyword)) {
      next++;
      return true;
    }
    return false;
  }

  private void expect(Kind kind, String expected) {
    if (peek().kind() != kind) {
      throw unexpected(expected);
    }
    next++;
  }

  private FilterException unexpected(String expected) {
    return new FilterException(
        peek().position(), "expected " + expected + ", got " + peek().described());
  }

  private Token peek() {
    return tokens.get(next);
  }
}
