package dev.windrow.query.read;

import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** Reads the active rollups of a tenant. */
public final class SelectRollups {
  private static final String SQL =
      """
      SELECT rollup_id, name, dimensions, grains
      FROM rollups
      WHERE tenant_id = $1 AND state = 'ACTIVE'
      ORDER BY rollup_id
      """;

  private SelectRollups() {}

  /** The catalog as of the session's snapshot. */
  public static Mono<RollupCatalog> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          parameters.add(tenantId);
          List<RollupDefinition> rollups = new ArrayList<>();
          return session
              .forEach(SQL, parameters::bindTo, row -> rollups.add(rollup(row)))
              .then(Mono.fromSupplier(() -> new RollupCatalog(rollups)));
        });
  }

  private static RollupDefinition rollup(Row row) {
    return new RollupDefinition(
        Columns.integer(row, 0),
        Columns.text(row, 1),
        Arrays.stream(texts(row, 2)).map(Dimension::parse).toList(),
        Arrays.stream(texts(row, 3))
            .map(name -> Grain.valueOf(name.toUpperCase(Locale.ROOT)))
            .collect(Collectors.toSet()));
  }

  private static String[] texts(Row row, int index) {
    return Objects.requireNonNull(row.get(index, String[].class));
  }
}
