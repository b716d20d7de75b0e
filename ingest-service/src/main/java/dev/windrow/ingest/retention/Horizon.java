package dev.windrow.ingest.retention;

import java.time.Instant;

/**
 * Where a tier's horizons are, of all tenants.
 *
 * @param common what lies before is let go by every tenant; {@link Instant#MIN} if a tenant keeps
 *     everything
 * @param furthest the furthest of any tenant; {@link Instant#MIN} if there is none
 * @param movedAt when one of them was moved last; {@link Instant#MIN} if there is none
 * @param aged whether the grace since the last move is over
 * @param now by the database's clock
 */
record Horizon(
    Tier tier, Instant common, Instant furthest, Instant movedAt, boolean aged, Instant now) {}
