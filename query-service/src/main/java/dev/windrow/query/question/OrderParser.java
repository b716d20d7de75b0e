package dev.windrow.query.question;

import dev.windrow.query.question.OrderTerm.Target;
import dev.windrow.rollup.Dimension;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an {@code order_by}. Names may themselves contain commas and spaces (those of attributes
 * and status shares), so the longest name that fits is taken, not the text up to a comma.
 */
public final class OrderParser {
  private static final String DESCENDING = " desc";

  private record Candidate(String name, Target target, int index) {}

  private final String text;
  private final List<Candidate> candidates = new ArrayList<>();
  private int at;

  private OrderParser(String text, List<Metric> metrics, List<Dimension> groupBy) {
    this.text = text;
    candidates.add(new Candidate("interval_start", Target.INTERVAL_START, 0));
    for (int i = 0; i < metrics.size(); i++) {
      if (metrics.get(i).measure() != Measure.HISTOGRAM) {
        candidates.add(new Candidate(metrics.get(i).name(), Target.METRIC, i));
      }
    }
    for (int i = 0; i < groupBy.size(); i++) {
      candidates.add(new Candidate(groupBy.get(i).name(), Target.GROUP, i));
    }
  }

  /**
   * The terms of an {@code order_by}, each target once.
   *
   * @throws IllegalArgumentException with a rule for the caller
   */
  public static List<OrderTerm> parse(String text, List<Metric> metrics, List<Dimension> groupBy) {
    if (text.isBlank()) {
      return List.of();
    }
    OrderParser parser = new OrderParser(text, metrics, groupBy);
    List<OrderTerm> terms = new ArrayList<>();
    Set<Candidate> seen = new HashSet<>();
    do {
      OrderTerm term = parser.term();
      // What was named before has decided already; and so the terms stay few.
      if (seen.add(new Candidate("", term.target(), term.index()))) {
        terms.add(term);
      }
    } while (parser.skipComma());
    return terms;
  }

  private OrderTerm term() {
    skipSpaces();
    int start = at;
    @Nullable OrderTerm best = null;
    int bestEnd = -1;
    for (Candidate candidate : candidates) {
      int end = start + candidate.name().length();
      if (end > bestEnd && text.startsWith(candidate.name(), start)) {
        int descendingEnd = afterDescending(end);
        if (endsTerm(end) || descendingEnd >= 0) {
          best = new OrderTerm(candidate.target(), candidate.index(), descendingEnd >= 0);
          bestEnd = end;
        }
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(
          "at character "
              + start
              + ": expected the name of a metric (not of a histogram), a group or interval_start, optionally ' desc'");
    }
    at = best.descending() ? afterDescending(bestEnd) : bestEnd;
    skipSpaces();
    return best;
  }

  /** Where " desc" ends, or -1 if it does not stand here as the end of a term. */
  private int afterDescending(int from) {
    int word = from;
    while (word < text.length() && text.charAt(word) == ' ') {
      word++;
    }
    int end = word - 1 + DESCENDING.length();
    return word > from && text.startsWith(DESCENDING, word - 1) && endsTerm(end) ? end : -1;
  }

  private boolean endsTerm(int from) {
    int next = from;
    while (next < text.length() && text.charAt(next) == ' ') {
      next++;
    }
    return next == text.length() || text.charAt(next) == ',';
  }

  private boolean skipComma() {
    if (at == text.length()) {
      return false;
    }
    at++;
    return true;
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }
}
