package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Adds a rollup that is being built, of which flushes hear by the catalog's version. */
final class InsertRollup {
  private static final String SQL =
      """
      WITH changed AS (
        UPDATE tenants SET catalog_version = catalog_version + 1 WHERE tenant_id = $1 RETURNING tenant_id
      )
      INSERT INTO rollups (tenant_id, rollup_id, name, dimensions, grains, state)
      SELECT tenant_id, (SELECT coalesce(max(rollup_id), 0) + 1 FROM rollups WHERE tenant_id = $1), $2, $3, $4,
        'BUILDING'
      FROM changed
      RETURNING rollup_id
      """;

  private InsertRollup() {}

  /** Behind the barrier; its id. */
  static Mono<Integer> run(
      Connection connection,
      int tenantId,
      String name,
      List<Dimension> dimensions,
      Set<Grain> grains) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", name)
                .bind("$3", dimensions.stream().map(Dimension::name).toArray(String[]::new))
                .bind("$4", grains.stream().sorted().map(Grain::sqlName).toArray(String[]::new))
                .execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Integer.class))))
        .single();
  }
}
