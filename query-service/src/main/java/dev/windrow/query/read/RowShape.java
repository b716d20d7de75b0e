package dev.windrow.query.read;

import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.RollupKey;
import io.r2dbc.spi.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * The leading columns that every statement of a summary has, and how they are read back: the
 * interval (from 1), the groups, and the number of events or rows with each share's status.
 *
 * @param groups how many columns of groups
 * @param shares how many columns of shares
 */
record RowShape(int groups, int shares) {
  static RowShape of(Question question) {
    return new RowShape(question.groupBy().size(), question.shareStatuses().size());
  }

  /** The place of the first column after these. */
  int width() {
    return 1 + groups + shares;
  }

  /** The grouping: as many numbers of columns as there are before the shares. */
  String groupBy() {
    StringBuilder numbers = new StringBuilder("1");
    for (int i = 0; i < groups; i++) {
      numbers.append(", ").append(i + 2);
    }
    return numbers.toString();
  }

  /**
   * The expressions, each followed by a comma.
   *
   * @param time the column of the row's time
   * @param counted how a share counts a row
   * @param aggregated whether the statement groups its rows
   */
  static String columns(
      Question question,
      String time,
      String counted,
      boolean aggregated,
      DimensionColumns columns,
      Parameters parameters) {
    StringBuilder text = new StringBuilder(interval(question, time, parameters)).append(", ");
    for (Dimension dimension : question.groupBy()) {
      text.append(columns.expression(dimension)).append(", ");
    }
    for (List<String> statuses : question.shareStatuses()) {
      String share =
          "CASE WHEN "
              + columns.expression(Dimension.STATUS)
              + " = ANY ("
              + parameters.addTexts(statuses)
              + ") THEN "
              + counted
              + " ELSE 0 END";
      text.append(aggregated ? "sum(" + share + ")::bigint, " : "(" + share + ")::bigint, ");
    }
    return text.toString();
  }

  int interval(Row row) {
    return Columns.integer(row, 0) - 1;
  }

  RollupKey group(Row row) {
    List<String> values = new ArrayList<>(groups);
    for (int i = 1; i <= groups; i++) {
      values.add(Columns.text(row, i));
    }
    return RollupKey.of(values);
  }

  List<Long> shareCounts(Row row) {
    if (shares == 0) {
      return List.of();
    }
    List<Long> counts = new ArrayList<>(shares);
    for (int i = 0; i < shares; i++) {
      counts.add(Columns.bigint(row, 1 + groups + i));
    }
    return counts;
  }

  private static String interval(Question question, String time, Parameters parameters) {
    return question.intervals().count() == 1
        ? "1"
        : "width_bucket("
            + time
            + ", "
            + parameters.addInstants(question.intervals().starts())
            + ")";
  }
}
