package dev.windrow.query.listing;

import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.LaterBatches;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Reads the newest events of a stretch that come after a place in the order of the listing. */
final class SelectEventPage {
  private static final String SELECT =
      """
      SELECT occurred_at, batch_id, batch_index, source, type, entity_id, status, value, amount,
             attributes::text, payload::text, coalesce(event_id, '')
      FROM events event
      WHERE tenant_id = %1$s AND occurred_at >= %2$s AND occurred_at < %3$s AND %4$s%5$s%6$s
      ORDER BY occurred_at DESC, batch_id DESC, batch_index DESC
      LIMIT %7$s
      """;

  private static final String AFTER =
      " AND (occurred_at, batch_id, batch_index) < (%s, %s::bigint, %s::integer)";

  private SelectEventPage() {}

  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      Listing listing,
      TimeRange stretch,
      int limit,
      Consumer<ListedEvent> consumer) {
    Parameters parameters = new Parameters();
    String tenant = parameters.add(tenantId);
    String from = parameters.addInstant(stretch.fromMicros());
    String to = parameters.addInstant(stretch.toMicros());
    DimensionColumns columns = DimensionColumns.ofEvents(parameters);
    String filter = FilterConditions.of(listing.filter(), columns, parameters);
    String after = listing.after().map(token -> after(token, parameters)).orElse("");
    String seen =
        listing
            .snapshot()
            .map(text -> " AND " + LaterBatches.none("event", tenant, text, parameters))
            .orElse("");
    String sql = SELECT.formatted(tenant, from, to, filter, after, seen, parameters.add(limit));
    return session.forEach(sql, parameters::bindTo, row -> consumer.accept(event(row)));
  }

  private static String after(PageToken token, Parameters parameters) {
    return AFTER.formatted(
        parameters.addInstant(token.occurredAtMicros()),
        parameters.add(token.batchId()),
        parameters.add(token.batchIndex()));
  }

  private static ListedEvent event(Row row) {
    return new ListedEvent(
        Micros.of(required(row, 0, OffsetDateTime.class)),
        required(row, 1, Long.class),
        required(row, 2, Integer.class),
        required(row, 3, String.class),
        required(row, 4, String.class),
        required(row, 5, String.class),
        required(row, 6, String.class),
        optional(row, 7, Double.class),
        optional(row, 8, Long.class),
        optional(row, 9, String.class),
        optional(row, 10, String.class),
        required(row, 11, String.class));
  }

  private static <T> T required(Row row, int index, Class<T> type) {
    return Objects.requireNonNull(row.get(index, type));
  }

  private static <T> @Nullable T optional(Row row, int index, Class<T> type) {
    return row.get(index, type);
  }
}
