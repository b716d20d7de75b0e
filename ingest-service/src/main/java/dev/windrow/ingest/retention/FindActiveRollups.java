package dev.windrow.ingest.retention;

import dev.windrow.rollup.Dimension;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Finds the rollups, of all tenants, that questions are answered from, or will be once they are
 * built.
 */
final class FindActiveRollups {
  private static final String SQL =
      """
      SELECT tenant_id, rollup_id, name, dimensions,
        CASE WHEN 'day' = ANY (grains) THEN 3 WHEN 'hour' = ANY (grains) THEN 2 ELSE 1 END::smallint
      FROM rollups WHERE state = 'ACTIVE' OR $1 AND state = 'BUILDING' ORDER BY tenant_id, rollup_id
      """;

  private FindActiveRollups() {}

  /**
   * Finds.
   *
   * @param building whether to find those that are being built, too
   */
  static Mono<List<ActiveRollup>> run(Connection connection, boolean building) {
    return Flux.from(connection.createStatement(SQL).bind("$1", building).execute())
        .concatMap(result -> result.map((row, metadata) -> rollup(row)))
        .collectList();
  }

  private static ActiveRollup rollup(Row row) {
    return new ActiveRollup(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Objects.requireNonNull(row.get(1, Integer.class)),
        Objects.requireNonNull(row.get(2, String.class)),
        Arrays.stream(Objects.requireNonNull(row.get(3, String[].class)))
            .map(Dimension::parse)
            .toList(),
        Objects.requireNonNull(row.get(4, Short.class)));
  }
}
