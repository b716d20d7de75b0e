package dev.windrow.query.report;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.answer.Reading;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Completeness;
import dev.windrow.query.worth.Warning;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * The answer of a report.
 *
 * @param readMicros when it was read, by the database's clock: the end of a window that ends now
 * @param window that was answered
 * @param rows after offset and limit
 * @param totalRowCount before them
 * @param exactness of each metric, which is named by it
 * @param deltaRows rows of the live delta that were read for it
 * @param reading what was read, if that is asked for; its cells are no longer there
 * @param compacted whether it is made of what has been compacted, without what came since
 */
public record ReportAnswer(
    ReportRun run,
    long readMicros,
    TimeRange window,
    List<AnswerRow> rows,
    long totalRowCount,
    List<MetricExactness> exactness,
    SnapshotFacts facts,
    Completeness completeness,
    long deltaRows,
    Optional<Reading> reading,
    boolean compacted,
    List<Warning> warnings) {
  private static final int FIXED_WEIGHT = 2_000;
  private static final int ROW_WEIGHT = 200;
  private static final int VALUE_WEIGHT = 80;
  private static final int WATERMARK_WEIGHT = 150;
  private static final int PART_WEIGHT = 80;

  public ReportAnswer {
    rows = List.copyOf(rows);
    exactness = List.copyOf(exactness);
    warnings = List.copyOf(warnings);
  }

  /** Of all rows, those that are shown. */
  static List<AnswerRow> page(List<AnswerRow> rows, int offset, int limit) {
    int from = Math.min(offset, rows.size());
    return rows.subList(from, Math.min(from + limit, rows.size()));
  }

  /** About how much memory it takes with its run, in bytes. */
  int weight() {
    long weight =
        FIXED_WEIGHT
            + (long) WATERMARK_WEIGHT * completeness.watermarks().listed().size()
            + facts.position().length()
            + run.filterWeight();
    for (AnswerRow row : rows) {
      weight += ROW_WEIGHT + (long) VALUE_WEIGHT * row.values().size();
      for (String value : row.group().values()) {
        weight += VALUE_WEIGHT + 2L * value.length();
      }
    }
    weight += reading.map(ReportAnswer::weight).orElse(0L);
    return (int) Math.min(weight, Integer.MAX_VALUE);
  }

  private static long weight(Reading reading) {
    return (long) Long.BYTES * reading.question().intervals().count()
        + (long) PART_WEIGHT * (reading.plan().segments().size() + reading.plan().unfolded().size())
        + FIXED_WEIGHT;
  }
}
