package dev.windrow.query.read;

import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Question;

/**
 * Which parts of an aggregate the metrics of a question are computed from; nothing else is read.
 * Counts always are.
 *
 * @param bounds the count, the least and the greatest of the values
 * @param sum the sum of the values; implies their count
 * @param amount the sum of the amounts
 * @param squares the sum of the squares of the values
 */
public record Needs(
    boolean bounds,
    boolean sum,
    boolean amount,
    boolean values,
    boolean entities,
    boolean squares) {
  /** Of all metrics of a question. */
  public static Needs of(Question question) {
    boolean values = question.asksFor(Measure.PERCENTILE, Measure.HISTOGRAM);
    boolean squares = question.asksFor(Measure.STDDEV);
    boolean sum = squares || question.asksFor(Measure.SUM, Measure.AVG);
    return new Needs(
        sum || values || question.asksFor(Measure.MIN, Measure.MAX),
        sum,
        question.asksFor(Measure.AMOUNT_SUM),
        values,
        question.asksFor(Measure.DISTINCT_ENTITIES),
        squares);
  }

  /** Whether a sketch is. */
  boolean sketches() {
    return values || entities;
  }

  /** Whether something is that PostgreSQL cannot add up, so that stored rows come one by one. */
  boolean ownSums() {
    return sketches() || squares;
  }
}
