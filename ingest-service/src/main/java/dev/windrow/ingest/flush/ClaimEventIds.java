package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Claims ids for this batch, and tells which of them other batches had before. An id that another
 * open transaction has claimed is waited for.
 */
final class ClaimEventIds {
  // Sorted: flushes with the same ids wait for each other in one order.
  private static final String CLAIM =
      """
      INSERT INTO event_ids (tenant_id, source, event_id, content_hash, batch_id)
      SELECT $1, source, event_id, content_hash, $5
      FROM unnest($2::text[], $3::text[], $4::bigint[]) AS new (source, event_id, content_hash)
      ORDER BY source, event_id
      ON CONFLICT DO NOTHING
      """;

  // A statement of its own: only a new snapshot sees what the claim has waited for. OFFSET 0 keeps
  // the planner from reading all ids there are instead of looking up each.
  private static final String FIND =
      """
      SELECT e.source, e.event_id, e.content_hash
      FROM unnest($2::text[], $3::text[]) AS wanted (source, event_id)
      CROSS JOIN LATERAL (
        SELECT source, event_id, content_hash FROM event_ids
        WHERE tenant_id = $1 AND source = wanted.source AND event_id = wanted.event_id
          AND batch_id <> $4
        OFFSET 0
      ) AS e
      """;

  private ClaimEventIds() {}

  /**
   * Claims what is free.
   *
   * @param hashes of the contents, by id
   * @return the stored hashes of the ids that other batches had before
   */
  static Mono<Map<EventKey, Long>> run(
      Connection connection, int tenantId, long batchId, SortedMap<EventKey, Long> hashes) {
    if (hashes.isEmpty()) {
      return Mono.just(Map.of());
    }
    String[] sources = hashes.keySet().stream().map(EventKey::source).toArray(String[]::new);
    String[] ids = hashes.keySet().stream().map(EventKey::eventId).toArray(String[]::new);
    return Flux.from(
            connection
                .createStatement(CLAIM)
                .bind("$1", tenantId)
                .bind("$2", sources)
                .bind("$3", ids)
                .bind("$4", hashes.values().toArray(new Long[0]))
                .bind("$5", batchId)
                .execute())
        .flatMap(Result::getRowsUpdated)
        .reduce(0L, Long::sum)
        .flatMap(
            claimed ->
                claimed == hashes.size()
                    ? Mono.just(Map.of())
                    : find(connection, tenantId, batchId, sources, ids));
  }

  private static Mono<Map<EventKey, Long>> find(
      Connection connection, int tenantId, long batchId, String[] sources, String[] ids) {
    return Flux.from(
            connection
                .createStatement(FIND)
                .bind("$1", tenantId)
                .bind("$2", sources)
                .bind("$3", ids)
                .bind("$4", batchId)
                .execute())
        .flatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        Map.entry(
                            new EventKey(
                                Objects.requireNonNull(row.get(0, String.class)),
                                Objects.requireNonNull(row.get(1, String.class))),
                            Objects.requireNonNull(row.get(2, Long.class)))))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
