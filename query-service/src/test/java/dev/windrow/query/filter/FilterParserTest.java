package dev.windrow.query.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.query.filter.Filter.And;
import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.query.filter.Filter.Not;
import dev.windrow.query.filter.Filter.Or;
import dev.windrow.rollup.Dimension;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterParserTest {
  private static final Filter A = new Comparison(Dimension.TYPE, false, List.of("a"));
  private static final Filter B = new Comparison(Dimension.SOURCE, true, List.of("b"));
  private static final Filter C =
      new Comparison(Dimension.attribute("x-y.z"), false, List.of("c 1", "d"));

  @Test
  void parse_empty_holdsForAll() {
    assertThat(FilterParser.parse("  ")).isEqualTo(new Filter.All());
  }

  @Test
  void parse_and_bindsTighterThanOr() {
    assertThat(FilterParser.parse("type=a OR source!=b AND attributes.x-y.z:(\"c 1\", d)"))
        .isEqualTo(new Or(List.of(A, new And(List.of(B, C)))));
  }

  @Test
  void parse_not_bindsTightest() {
    assertThat(FilterParser.parse("NOT type = a AND NOT (source != b OR type = a)"))
        .isEqualTo(new And(List.of(new Not(A), new Not(new Or(List.of(B, A))))));
  }

  @Test
  void parse_escapes_standForThemselves() {
    assertThat(FilterParser.parse("status = \"say \\\"\\\\\\\" AND\""))
        .isEqualTo(new Comparison(Dimension.STATUS, false, List.of("say \"\\\" AND")));
  }

  @Test
  void parse_wordsOfEveryScript_needNoQuotes() {
    assertThat(FilterParser.parse("entity_id = Zürich-東京_7.1"))
        .isEqualTo(new Comparison(Dimension.ENTITY_ID, false, List.of("Zürich-東京_7.1")));
  }

  @Test
  void parse_quotedKeyword_isAValue() {
    assertThat(FilterParser.parse("type = \"NOT\""))
        .isEqualTo(new Comparison(Dimension.TYPE, false, List.of("NOT")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "type            |  4 | '=', '!=' or ':'",
        "type =          |  6 | a word or a quoted text",
        "type = a b      |  9 | AND, OR or the end",
        "type = a AND    | 12 | a field, NOT or '('",
        "(type = a       |  9 | AND, OR or ')'",
        "type = \"a      |  7 | a closing",
        "type : a        |  7 | '('",
        "type : ()       |  8 | a word or a quoted text",
        "type : (a b)    | 10 | ',' or ')'",
        "kind = a        |  0 | type, source, status, entity_id or attributes.NAME",
        "attributes. = a |  0 | attributes.NAME",
        "type ! a        |  5 | '!='",
        "type = \"\\n\"  |  8 | '\\\"' or",
        "type = OR       |  7 | a word or a quoted text",
        "AND             |  0 | a field, NOT or '('",
        "type = a;       |  8 | a word, a quoted text or an operator",
      })
  void parse_whatIsNoFilter_saysWhereAndWhatWasExpected(
      String text, int position, String expected) {
    assertThatThrownBy(() -> FilterParser.parse(text))
        .isInstanceOfSatisfying(
            FilterException.class, e -> assertThat(e.position()).as(e.rule()).isEqualTo(position))
        .hasMessageContaining(expected);
  }

  @Test
  void parse_beyondTheLimits_isRefused() {
    assertThat(FilterParser.parse("type=\"" + "x".repeat(1993) + "\"")).isNotNull();
    assertThatThrownBy(() -> FilterParser.parse("type=\"" + "x".repeat(1994) + "\""))
        .hasMessageContaining("at most 2000 characters");
    assertThat(FilterParser.parse("type=a" + " OR type=a".repeat(49))).isNotNull();
    assertThatThrownBy(() -> FilterParser.parse("type=a" + " OR type=a".repeat(50)))
        .hasMessageContaining("at most 50 comparisons");
    assertThatThrownBy(() -> FilterParser.parse("(".repeat(1000)))
        .hasMessageContaining("at most 100 levels");
    assertThatThrownBy(() -> FilterParser.parse("type=\"\0\"")).hasMessageContaining("U+0000");
  }

  @Test
  void parse_anyText_isAFilterOrAFilterException() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] pieces = {
      "type",
      "source",
      "attributes.a",
      "=",
      "!=",
      ":",
      "(",
      ")",
      ",",
      "AND",
      "OR",
      "NOT",
      "\"",
      "\\",
      "\"a b\"",
      " ",
      "x",
      "\0",
      "é",
      "\uD83D",
      "\uD83D\uDE00",
      "!",
      "attributes."
    };
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(30); n > 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
        text.append(random.nextBoolean() ? " " : "");
      }
      try {
        assertThat(FilterParser.parse(text.toString()).dimensions()).isNotNull();
      } catch (FilterException e) {
        assertThat(e.position()).as("seed " + seed).isBetween(0, text.length());
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + text, e);
      }
    }
  }
}
