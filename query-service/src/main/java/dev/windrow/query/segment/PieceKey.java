package dev.windrow.query.segment;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Needs;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.util.List;

/**
 * What was asked of a piece of a window, and of whom. By which plan it was read is no part of it:
 * every plan gives the same cells.
 *
 * @param serverStart of the database: after a failover that has lost transactions, the positions of
 *     the one before say nothing
 * @param range of the piece
 * @param intervals that it is cut into
 * @param shares the statuses of each share
 */
record PieceKey(
    int tenantId,
    long serverStart,
    TimeRange range,
    Intervals intervals,
    List<Dimension> groupBy,
    Filter filter,
    Needs needs,
    List<List<String>> shares) {
  private static final int WEIGHT = 400;

  /**
   * A part of a question.
   *
   * @param part the question, about the piece alone
   */
  static PieceKey of(Question part, SnapshotFacts facts) {
    return new PieceKey(
        facts.tenantId(),
        facts.serverStart(),
        part.window(),
        part.intervals(),
        part.groupBy(),
        part.filter(),
        Needs.of(part),
        part.shareStatuses());
  }

  /** About how much memory it takes, in bytes. */
  long weight() {
    // A filter may be long, and its text is about as long as what is kept of it.
    return WEIGHT + (long) Long.BYTES * intervals.count() + 4L * filter.toString().length();
  }
}
