package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Grain;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the coarse spans of a day, of all rollups. */
final class ReadCoarseSpans {
  private static final String SQL =
      """
      SELECT rollup_id, grain, start_at FROM coarse_spans
      WHERE tenant_id = $1 AND start_at >= $2 AND start_at < $3
      """;

  private ReadCoarseSpans() {}

  static Mono<List<CoarseSpans.Span>> run(
      Connection connection, int tenantId, Instant from, Instant to) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", from)
                .bind("$3", to)
                .execute())
        .concatMap(result -> result.map((row, metadata) -> span(row)))
        .collectList();
  }

  private static CoarseSpans.Span span(Row row) {
    return new CoarseSpans.Span(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Grain.ofCode(Objects.requireNonNull(row.get(1, Short.class))),
        Objects.requireNonNull(row.get(2, Instant.class)).getEpochSecond() * 1_000_000);
  }
}
