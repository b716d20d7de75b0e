package dev.windrow.query.read;

import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Dimension;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * What the statements over events have in common: the columns and the grouping. PostgreSQL groups
 * events where it can; an exact sum of doubles and the sketches are ours, and need each event. If
 * there are few groups, events come packed, which spares most of what a row costs.
 */
final class EventScan {
  private static final Set<Dimension> FEW_VALUES =
      Set.of(Dimension.TYPE, Dimension.SOURCE, Dimension.STATUS);
  private static final int MOST_PACKED_INTERVALS = 50;

  // Parts are bounded, so that no row is larger than some ten thousand bytes, whatever is read.
  private static final String PARTS =
      "(SELECT event.*, row_number() OVER () / 4096 AS part FROM (%s) AS event)";

  private final Parameters parameters = new Parameters();
  private final DimensionColumns columns = DimensionColumns.ofEvents(parameters);
  private final Question question;
  private final Needs needs;
  private final RowShape shape;
  private final Form form;

  private enum Form {
    GROUPED,
    PACKED,
    SINGLE
  }

  EventScan(Question question) {
    this.question = question;
    needs = Needs.of(question);
    shape = RowShape.of(question);
    form =
        !needs.ownSums() && !needs.sum()
            ? Form.GROUPED
            : hasFewGroups(question) ? Form.PACKED : Form.SINGLE;
  }

  // By entity or attribute a part would often be one event, and dearer than a row.
  private static boolean hasFewGroups(Question question) {
    return question.intervals().count() <= MOST_PACKED_INTERVALS
        && question.groupBy().stream().allMatch(FEW_VALUES::contains);
  }

  Parameters parameters() {
    return parameters;
  }

  /** The question's filter as a condition on {@code events}. */
  String filter() {
    return FilterConditions.of(question.filter(), columns, parameters);
  }

  /**
   * Reads the rows of a statement over events.
   *
   * @param rows selects the columns of {@code events} that may be asked about
   * @param groups takes rows that PostgreSQL grouped, if it could
   * @param parts takes the others
   */
  Mono<Void> read(
      ReadSession session, String rows, Consumer<FoldRow> groups, Consumer<EventPart> parts) {
    boolean aggregated = form != Form.SINGLE;
    String select =
        "SELECT "
            + RowShape.columns(question, "occurred_at", "1", aggregated, columns, parameters)
            + switch (form) {
              case GROUPED -> grouped() + " FROM (" + rows + ")";
              case PACKED -> packed() + " FROM " + PARTS.formatted(rows);
              case SINGLE -> single() + " FROM (" + rows + ")";
            }
            + " AS event"
            + (aggregated ? " GROUP BY " + shape.groupBy() : "")
            + (form == Form.PACKED ? ", part" : "");
    return session.forEach(select, parameters::bindTo, row -> accept(row, groups, parts));
  }

  private void accept(Row row, Consumer<FoldRow> groups, Consumer<EventPart> parts) {
    switch (form) {
      case GROUPED -> groups.accept(FoldRow.of(row, shape));
      case PACKED -> parts.accept(EventPart.ofMany(row, shape, needs));
      case SINGLE -> parts.accept(EventPart.ofOne(row, shape, needs));
    }
  }

  private String single() {
    return "value, amount" + (needs.entities() ? ", entity_id" : "");
  }

  private String packed() {
    return "count(*)"
        + (needs.bounds() ? present("value") : ", '{}'::double precision[]")
        + (needs.amount() ? present("amount") : ", '{}'::bigint[]")
        + (needs.entities() ? ", array_agg(entity_id)" : "");
  }

  private static String present(String column) {
    return ", coalesce(array_agg(" + column + ") FILTER (WHERE " + column + " IS NOT NULL), '{}')";
  }

  private String grouped() {
    return "count(*), count(*)"
        + (needs.bounds() ? ", count(value)" : ", 0::bigint")
        + ", 0::numeric"
        + (needs.bounds()
            ? ", min(value), max(value)"
            : ", NULL::double precision, NULL::double precision")
        + (needs.amount() ? ", coalesce(sum(amount), 0)" : ", 0::numeric")
        + ", NULL::bytea, NULL::bytea, NULL::bytea";
  }
}
