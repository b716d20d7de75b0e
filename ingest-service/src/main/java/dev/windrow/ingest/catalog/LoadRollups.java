package dev.windrow.ingest.catalog;

import dev.windrow.rollup.Arrivals;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the rollups of a tenant. */
public final class LoadRollups {
  // A rollup that is being built already gets the deltas of new events; its past is filled by a
  // job.
  private static final String FOLDED =
      """
      SELECT rollup_id, name, dimensions, grains FROM rollups
      WHERE tenant_id = $1 AND state IN ('ACTIVE', 'BUILDING') ORDER BY rollup_id
      """;

  // A retired rollup may have left deltas behind.
  private static final String COMPACTED =
      """
      SELECT rollup_id, name, dimensions, grains FROM rollups
      WHERE tenant_id = $1 ORDER BY rollup_id
      """;

  private LoadRollups() {}

  /** Those that new events are folded into. */
  public static Mono<List<RollupDefinition>> folded(Connection connection, int tenantId) {
    return run(connection, FOLDED, tenantId);
  }

  /** Those that deltas may belong to, and that of counted arrivals, which is not catalogued. */
  public static Mono<List<RollupDefinition>> compacted(Connection connection, int tenantId) {
    return run(connection, COMPACTED, tenantId).doOnNext(all -> all.add(Arrivals.rollup()));
  }

  private static Mono<List<RollupDefinition>> run(Connection connection, String sql, int tenantId) {
    return Flux.from(connection.createStatement(sql).bind("$1", tenantId).execute())
        .flatMap(result -> result.map((row, metadata) -> definition(row)))
        .collectList();
  }

  private static RollupDefinition definition(Row row) {
    Set<Grain> grains = EnumSet.noneOf(Grain.class);
    for (String grain : strings(row, "grains")) {
      grains.add(Grain.valueOf(grain.toUpperCase(Locale.ROOT)));
    }
    return new RollupDefinition(
        Objects.requireNonNull(row.get("rollup_id", Integer.class)),
        Objects.requireNonNull(row.get("name", String.class)),
        Arrays.stream(strings(row, "dimensions")).map(Dimension::parse).toList(),
        grains);
  }

  private static String[] strings(Row row, String column) {
    return Objects.requireNonNull(row.get(column, String[].class));
  }
}
