package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.LocalDate;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds the first and the last UTC day of which a tenant has ever had events. */
final class FindEventSpan {
  private static final String SQL =
      """
      SELECT (min(oldest_occurred_at) AT TIME ZONE 'UTC')::date, (max(newest_occurred_at) AT TIME ZONE 'UTC')::date
      FROM ingest_batches WHERE tenant_id = $1 AND event_count > 0 HAVING min(oldest_occurred_at) IS NOT NULL
      """;

  private FindEventSpan() {}

  /**
   * Days.
   *
   * @param last is among them
   */
  record Span(LocalDate first, LocalDate last) {}

  /** Empty if there were none. */
  static Mono<Span> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(result -> result.map((row, metadata) -> span(row)))
        .singleOrEmpty();
  }

  private static Span span(Row row) {
    return new Span(
        Objects.requireNonNull(row.get(0, LocalDate.class)),
        Objects.requireNonNull(row.get(1, LocalDate.class)));
  }
}
