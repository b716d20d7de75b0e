package dev.windrow.ingest.retention;

import java.time.Duration;
import java.time.Instant;

/**
 * Where a tier's horizons are: a tenant's own, and those of all tenants that are served.
 *
 * @param own what lies before is let go by the tenant; {@link Instant#MIN} if it keeps everything
 * @param ownMovedAt when that was moved last; {@link Instant#MIN} if it never was
 * @param common what lies before is let go by every tenant; {@link Instant#MIN} if one keeps
 *     everything
 * @param furthest the furthest of any tenant; {@link Instant#MIN} if there is none
 * @param movedAt when one of them was moved last; {@link Instant#MIN} if there is none
 * @param now by the database's clock
 */
record Horizon(
    Tier tier,
    Instant own,
    Instant ownMovedAt,
    Instant common,
    Instant furthest,
    Instant movedAt,
    Instant now) {

  /** Whether so much time has gone by since one was moved. */
  boolean rests(Duration grace) {
    return aged(movedAt, grace);
  }

  /** Likewise, of the tenant's own. */
  boolean ownRests(Duration grace) {
    return aged(ownMovedAt, grace);
  }

  private boolean aged(Instant moved, Duration grace) {
    return !moved.equals(Instant.MIN) && !moved.plus(grace).isAfter(now);
  }
}
