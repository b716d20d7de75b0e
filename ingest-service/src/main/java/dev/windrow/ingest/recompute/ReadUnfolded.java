package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads which batches with events of a day are noted as not folded into which rollups. */
final class ReadUnfolded {
  private static final String SQL =
      """
      SELECT batch_id, rollup_id FROM unfolded_batches
      WHERE tenant_id = $1 AND oldest_occurred_at < $3 AND newest_occurred_at >= $2
      """;

  private ReadUnfolded() {}

  /** The rollups by batch. */
  static Mono<Map<Long, Set<Integer>>> run(
      Connection connection, int tenantId, Instant from, Instant to) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", from)
                .bind("$3", to)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> note(row)))
        .collect(
            HashMap::new,
            (noted, note) ->
                noted.computeIfAbsent(note.batchId(), first -> new HashSet<>()).add(note.rollup()));
  }

  private static Note note(Row row) {
    return new Note(
        Objects.requireNonNull(row.get(0, Long.class)),
        Objects.requireNonNull(row.get(1, Integer.class)));
  }

  private record Note(long batchId, int rollup) {}
}
