package dev.windrow.query.catalog;

import dev.windrow.catalog.v1.Rollup;
import dev.windrow.catalog.v1.RollupState;
import dev.windrow.query.grpc.Times;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.v1.Tier;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads the rollups of a tenant, wherever they are in their lives. */
final class SelectAllRollups {
  private static final String SQL =
      """
      SELECT name, dimensions, grains, state, created_at
      FROM rollups
      WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1)
      ORDER BY rollup_id
      """;

  private SelectAllRollups() {}

  static Mono<List<Rollup>> read(ReadSession session, String tenant) {
    List<Rollup> rollups = new ArrayList<>();
    return session
        .forEach(SQL, statement -> statement.bind("$1", tenant), row -> rollups.add(rollup(row)))
        .thenReturn(rollups);
  }

  private static Rollup rollup(Row row) {
    List<String> grains = Arrays.asList(Objects.requireNonNull(row.get(2, String[].class)));
    return Rollup.newBuilder()
        .setName(Objects.requireNonNull(row.get(0, String.class)))
        .addAllDimensions(Arrays.asList(Objects.requireNonNull(row.get(1, String[].class))))
        .setFinestGrain(
            grains.contains("minute")
                ? Tier.TIER_MINUTE
                : grains.contains("hour") ? Tier.TIER_HOUR : Tier.TIER_DAY)
        .setState(state(Objects.requireNonNull(row.get(3, String.class))))
        .setCreateTime(
            Times.timestamp(Micros.of(Objects.requireNonNull(row.get(4, OffsetDateTime.class)))))
        .build();
  }

  private static RollupState state(String state) {
    return switch (state) {
      case "BUILDING" -> RollupState.ROLLUP_STATE_BUILDING;
      case "ACTIVE" -> RollupState.ROLLUP_STATE_ACTIVE;
      case "RETIRED" -> RollupState.ROLLUP_STATE_RETIRED;
      default -> RollupState.ROLLUP_STATE_UNSPECIFIED;
    };
  }
}
