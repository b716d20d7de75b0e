package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads up to when sources are declared complete by all of their producers. */
final class ReadWatermarks {
  private static final String SQL =
      """
      SELECT s.source, w.complete_until
      FROM unnest($2::text[]) AS s (source)
      CROSS JOIN LATERAL (
        SELECT complete_until FROM source_watermarks
        WHERE tenant_id = $1 AND source COLLATE "C" = s.source COLLATE "C"
        ORDER BY complete_until LIMIT 1) AS w
      """;

  private ReadWatermarks() {}

  /** In microseconds since the epoch, by source. */
  static Mono<Map<String, Long>> run(
      Connection connection, int tenantId, Collection<String> sources) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", sources.toArray(String[]::new))
                .execute())
        .concatMap(
            result ->
                result.map(
                    (row, metadata) ->
                        Map.entry(
                            Objects.requireNonNull(row.get(0, String.class)),
                            ChronoUnit.MICROS.between(
                                Instant.EPOCH, Objects.requireNonNull(row.get(1, Instant.class))))))
        .collectMap(Map.Entry::getKey, Map.Entry::getValue);
  }
}
