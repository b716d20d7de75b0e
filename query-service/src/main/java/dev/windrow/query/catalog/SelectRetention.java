package dev.windrow.query.catalog;

import dev.windrow.catalog.v1.RetainedTier;
import dev.windrow.query.grpc.Times;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.v1.Tier;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads what is kept of a tenant, the finest tier first. */
final class SelectRetention {
  private static final String SQL =
      """
      SELECT kept.tier, h.from_at, h.moved_at
      FROM tenants t
      CROSS JOIN unnest(ARRAY['raw', 'minute', 'hour', 'day']) WITH ORDINALITY AS kept (tier, place)
      LEFT JOIN retention_horizons h ON h.tenant_id = t.tenant_id AND h.tier = kept.tier
      WHERE t.name = $1
      ORDER BY kept.place
      """;

  private SelectRetention() {}

  static Mono<List<RetainedTier>> read(ReadSession session, String tenant) {
    List<RetainedTier> tiers = new ArrayList<>();
    return session
        .forEach(SQL, statement -> statement.bind("$1", tenant), row -> tiers.add(tier(row)))
        .thenReturn(tiers);
  }

  private static RetainedTier tier(Row row) {
    String name = Objects.requireNonNull(row.get(0, String.class));
    RetainedTier.Builder tier = RetainedTier.newBuilder().setTier(tier(name));
    OffsetDateTime from = row.get(1, OffsetDateTime.class);
    OffsetDateTime moved = row.get(2, OffsetDateTime.class);
    if (from != null && moved != null) {
      tier.setKeptFrom(Times.timestamp(Micros.of(from)));
      tier.setMoveTime(Times.timestamp(Micros.of(moved)));
    }
    return tier.build();
  }

  private static Tier tier(String name) {
    return switch (name) {
      case "raw" -> Tier.TIER_RAW;
      case "minute" -> Tier.TIER_MINUTE;
      case "hour" -> Tier.TIER_HOUR;
      default -> Tier.TIER_DAY;
    };
  }
}
