package dev.windrow.query.read;

import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * What the statements over events have in common: the columns and the grouping. PostgreSQL groups
 * events where it can; an exact sum of doubles and the sketches are ours, and need the events one
 * by one.
 */
final class EventScan {
  private final Parameters parameters = new Parameters();
  private final DimensionColumns columns = DimensionColumns.ofEvents(parameters);
  private final Question question;
  private final Needs needs;
  private final RowShape shape;
  private final boolean grouped;

  EventScan(Question question) {
    this.question = question;
    needs = Needs.of(question);
    shape = RowShape.of(question);
    grouped = !needs.sketches() && !needs.sum();
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
   * @param events takes the others
   */
  Mono<Void> read(
      ReadSession session, String rows, Consumer<FoldRow> groups, Consumer<EventRow> events) {
    String select =
        "SELECT "
            + RowShape.columns(question, "occurred_at", "1", grouped, columns, parameters)
            + (grouped ? grouped() : single())
            + " FROM ("
            + rows
            + ") AS event"
            + (grouped ? " GROUP BY " + shape.groupBy() : "");
    return session.forEach(select, parameters::bindTo, row -> accept(row, groups, events));
  }

  private void accept(Row row, Consumer<FoldRow> groups, Consumer<EventRow> events) {
    if (grouped) {
      groups.accept(FoldRow.of(row, shape));
    } else {
      events.accept(EventRow.of(row, shape, needs.entities()));
    }
  }

  private String single() {
    return "value, amount" + (needs.entities() ? ", entity_id" : "");
  }

  private String grouped() {
    return "count(*), count(*)"
        + (needs.bounds() ? ", count(value)" : ", 0::bigint")
        + ", 0::numeric"
        + (needs.bounds()
            ? ", min(value), max(value)"
            : ", NULL::double precision, NULL::double precision")
        + (needs.amount() ? ", coalesce(sum(amount), 0)" : ", 0::numeric")
        + ", NULL::bytea, NULL::bytea";
  }
}
