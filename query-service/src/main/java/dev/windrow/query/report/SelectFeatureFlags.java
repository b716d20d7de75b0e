package dev.windrow.query.report;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads the feature flags of a tenant. */
public final class SelectFeatureFlags {
  private static final String SQL =
      """
      SELECT flag, report, enabled, updated_at
      FROM feature_flags
      WHERE tenant_id = %s
      ORDER BY flag, report COLLATE "C"
      """;

  private SelectFeatureFlags() {}

  /** Those that are set. */
  public static Mono<FeatureFlags> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql = SQL.formatted(parameters.add(tenantId));
          List<FeatureFlags.Setting> settings = new ArrayList<>();
          return session
              .forEach(sql, parameters::bindTo, row -> settings.add(setting(row)))
              .then(Mono.fromSupplier(() -> new FeatureFlags(settings)));
        });
  }

  private static FeatureFlags.Setting setting(Row row) {
    return new FeatureFlags.Setting(
        FeatureFlags.Flag.valueOf(
            Objects.requireNonNull(row.get(0, String.class)).toUpperCase(Locale.ROOT)),
        Objects.requireNonNull(row.get(1, String.class)),
        Boolean.TRUE.equals(row.get(2, Boolean.class)),
        Micros.of(Objects.requireNonNull(row.get(3, OffsetDateTime.class))));
  }
}
