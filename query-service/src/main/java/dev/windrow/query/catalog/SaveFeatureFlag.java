package dev.windrow.query.catalog;

import dev.windrow.query.report.FeatureFlags;
import dev.windrow.query.sql.Micros;
import dev.windrow.runtime.sql.ReadSession;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Sets a feature flag, or takes a setting away. */
final class SaveFeatureFlag {
  private static final String SAVE =
      """
      INSERT INTO feature_flags AS f (tenant_id, flag, report, enabled)
      VALUES ($1, $2, $3, $4)
      ON CONFLICT (tenant_id, flag, report) DO UPDATE SET enabled = EXCLUDED.enabled,
        updated_at = CASE WHEN f.enabled = EXCLUDED.enabled THEN f.updated_at ELSE now() END
      RETURNING updated_at
      """;

  private static final String DELETE =
      "DELETE FROM feature_flags WHERE tenant_id = $1 AND flag = $2 AND report = $3";

  private SaveFeatureFlag() {}

  static Mono<FeatureFlags.Setting> run(
      ReadSession session, int tenantId, FeatureFlags.Flag flag, String report, boolean enabled) {
    return session.one(
        SAVE,
        statement ->
            statement
                .bind("$1", tenantId)
                .bind("$2", name(flag))
                .bind("$3", report)
                .bind("$4", enabled),
        row ->
            new FeatureFlags.Setting(
                flag,
                report,
                enabled,
                Micros.of(Objects.requireNonNull(row.get(0, OffsetDateTime.class)))));
  }

  static Mono<Void> delete(
      ReadSession session, int tenantId, FeatureFlags.Flag flag, String report) {
    return session.forEach(
        DELETE,
        statement -> statement.bind("$1", tenantId).bind("$2", name(flag)).bind("$3", report),
        row -> {});
  }

  private static String name(FeatureFlags.Flag flag) {
    return flag.name().toLowerCase(Locale.ROOT);
  }
}
