package dev.windrow.ingest.flush;

import dev.windrow.rollup.Grain;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Declares spans in which a rollup keeps no finer buckets, in a transaction of its own before the
 * flush: a span may be declared at any time, and then nobody waits for the flush to end.
 */
final class MarkCoarse {
  // A span that has held far more events than speak for it now is dense, whatever came late: its
  // finer buckets stay. Enough of its buckets are read to know that.
  private static final String SQL =
      """
      INSERT INTO coarse_spans (tenant_id, rollup_id, grain, start_at)
      SELECT $1, wanted.rollup_id, wanted.grain, wanted.start_at
      FROM unnest($2::integer[], $3::smallint[], $4::timestamptz[], $5::integer[])
        AS wanted (rollup_id, grain, start_at, event_count)
      WHERE 4 * event_count >= (
        SELECT coalesce(sum(b.event_count), 0)
        FROM (
          SELECT event_count FROM rollup_buckets
          WHERE tenant_id = $1 AND rollup_id = wanted.rollup_id AND grain = wanted.grain
            AND start_at = wanted.start_at
          LIMIT 10000
        ) AS b
      )
      ORDER BY rollup_id, grain, start_at
      ON CONFLICT DO NOTHING
      """;

  private static final String FIND =
      """
      SELECT c.rollup_id, c.grain, c.start_at
      FROM unnest($2::integer[], $3::smallint[], $4::timestamptz[]) AS wanted (rollup_id, grain, start_at)
      JOIN coarse_spans c
        ON c.tenant_id = $1 AND c.rollup_id = wanted.rollup_id AND c.grain = wanted.grain
          AND c.start_at = wanted.start_at
      """;

  private MarkCoarse() {}

  /** Those of the spans that are coarse now. */
  static Mono<List<CoarseSpan>> run(Connection connection, int tenantId, List<CoarseSpan> spans) {
    if (spans.isEmpty()) {
      return Mono.just(List.of());
    }
    Integer[] rollups = spans.stream().map(CoarseSpan::rollupId).toArray(Integer[]::new);
    Short[] grains = spans.stream().map(span -> span.grain().code()).toArray(Short[]::new);
    Instant[] starts =
        spans.stream()
            .map(span -> Instant.EPOCH.plus(span.startMicros(), ChronoUnit.MICROS))
            .toArray(Instant[]::new);
    Integer[] events = spans.stream().map(CoarseSpan::events).toArray(Integer[]::new);
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", rollups)
                .bind("$3", grains)
                .bind("$4", starts)
                .bind("$5", events)
                .execute())
        .flatMap(result -> result.getRowsUpdated())
        .thenMany(
            Flux.defer(
                () ->
                    connection
                        .createStatement(FIND)
                        .bind("$1", tenantId)
                        .bind("$2", rollups)
                        .bind("$3", grains)
                        .bind("$4", starts)
                        .execute()))
        .flatMap(result -> result.map((row, metadata) -> span(row)))
        .collectList();
  }

  private static CoarseSpan span(Row row) {
    Instant start = Objects.requireNonNull(row.get(2, Instant.class));
    return new CoarseSpan(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Grain.ofCode(Objects.requireNonNull(row.get(1, Short.class))),
        start.getEpochSecond() * 1_000_000,
        0);
  }
}
