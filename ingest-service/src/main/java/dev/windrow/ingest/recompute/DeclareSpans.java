package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Declares coarse spans. A lane that has not heard of one goes on writing finer deltas there, which
 * nobody reads as such.
 */
final class DeclareSpans {
  private static final String SQL =
      """
      INSERT INTO coarse_spans (tenant_id, rollup_id, grain, start_at)
      SELECT $1, span.rollup_id, span.grain, span.start_at
      FROM unnest($2::integer[], $3::smallint[], $4::timestamptz[]) AS span (rollup_id, grain, start_at)
      ORDER BY rollup_id, grain, start_at
      ON CONFLICT DO NOTHING
      """;

  private DeclareSpans() {}

  static Mono<Void> run(Connection connection, int tenantId, List<CoarseSpans.Span> spans) {
    if (spans.isEmpty()) {
      return Mono.empty();
    }
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", spans.stream().map(CoarseSpans.Span::rollupId).toArray(Integer[]::new))
                .bind("$3", spans.stream().map(span -> span.grain().code()).toArray(Short[]::new))
                .bind(
                    "$4",
                    spans.stream()
                        .map(span -> Instant.EPOCH.plus(span.startMicros(), ChronoUnit.MICROS))
                        .toArray(Instant[]::new))
                .execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
