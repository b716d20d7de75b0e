package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads what became of requests that are repeated; of a trivial result there is nothing to read.
 */
final class FindResults {
  // Rejections are opened only as long as there is room for all of a request; the others come back
  // without theirs.
  private static final String SQL =
      """
      SELECT f.producer_id, f.sequence, f.stored_count, f.duplicate_count, f.rejected_count,
        x.index, x.reason, x.field, x.message, x.at
      FROM (
        SELECT r.*, sum(r.rejected_count) OVER (ORDER BY w.place) AS opened
        FROM unnest($2::text[], $3::bigint[]) WITH ORDINALITY AS w (producer_id, sequence, place)
        JOIN append_results r
          ON r.tenant_id = $1 AND r.producer_id = w.producer_id AND r.sequence = w.sequence
      ) AS f
      LEFT JOIN LATERAL json_to_recordset(CASE WHEN f.opened <= $4 THEN f.rejections END)
        AS x (index integer, reason text, field text, message text, at text) ON true
      """;

  private FindResults() {}

  /** One row: a result, and one of its rejections if it has any. */
  private record Found(
      RequestKey request,
      int stored,
      int duplicates,
      int rejectedCount,
      @Nullable RejectedEvent rejection) {}

  /**
   * @param maxRejections of all results together
   */
  static Mono<Map<RequestKey, AppendResult>> run(
      Connection connection, int tenantId, Set<RequestKey> requests, int maxRejections) {
    if (requests.isEmpty()) {
      return Mono.just(Map.of());
    }
    String[] producers = requests.stream().map(RequestKey::producerId).toArray(String[]::new);
    Long[] sequences = requests.stream().map(RequestKey::sequence).toArray(Long[]::new);
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", producers)
                .bind("$3", sequences)
                .bind("$4", maxRejections)
                .execute())
        .flatMap(result -> result.map((row, metadata) -> found(row)))
        .collectMultimap(Found::request)
        .map(FindResults::results);
  }

  private static Map<RequestKey, AppendResult> results(
      Map<RequestKey, ? extends Iterable<Found>> found) {
    Map<RequestKey, AppendResult> results = new HashMap<>();
    found.forEach(
        (request, rows) -> {
          Found first = rows.iterator().next();
          List<RejectedEvent> rejections = new ArrayList<>();
          for (Found row : rows) {
            if (row.rejection() != null) {
              rejections.add(row.rejection());
            }
          }
          results.put(
              request,
              new AppendResult(
                  first.stored(), first.duplicates(), first.rejectedCount(), rejections));
        });
    return results;
  }

  private static Found found(Row row) {
    return new Found(
        new RequestKey(text(row, 0), Objects.requireNonNull(row.get(1, Long.class))),
        integer(row, 2),
        integer(row, 3),
        integer(row, 4),
        row.get(5, Integer.class) == null
            ? null
            : new RejectedEvent(
                integer(row, 5),
                RejectedEvent.Reason.valueOf(text(row, 6)),
                text(row, 7),
                text(row, 8),
                Instant.parse(text(row, 9))));
  }

  private static String text(Row row, int column) {
    return Objects.requireNonNull(row.get(column, String.class));
  }

  private static int integer(Row row, int column) {
    return Objects.requireNonNull(row.get(column, Integer.class));
  }
}
