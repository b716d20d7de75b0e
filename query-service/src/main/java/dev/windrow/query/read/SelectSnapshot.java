package dev.windrow.query.read;

import dev.windrow.query.plan.Horizons;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.ReadSession;
import io.grpc.Status;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Begins a snapshot: the first statement of its transaction, which also sets what holds for those
 * that follow. Their time is bounded, should nobody be left to cancel them. No partition is read
 * from end to end where an index leaves pages out: of a new one PostgreSQL has no statistics, and
 * would take its BRIN for useless. Nothing is compiled for a statement of milliseconds. Plans are
 * not kept: one that knows no bounds of time looks cheaper than it is.
 */
public final class SelectSnapshot {
  private static final String SQL =
      """
      SELECT tenant_id, now(), pg_current_snapshot()::text,
        (SELECT max(newest_occurred_at) FROM ingest_batches b WHERE b.tenant_id = t.tenant_id AND event_count > 0),
        (SELECT max(written_at) FROM ingest_batches b WHERE b.tenant_id = t.tenant_id AND lane >= 0),
        pg_is_in_recovery(),
        EXISTS (SELECT FROM ingest_batches b WHERE b.tenant_id = t.tenant_id AND b.batch_id = $3),
        ARRAY (
          SELECT (SELECT extract(epoch FROM from_at)::bigint * 1000000 FROM retention_horizons h
            WHERE h.tenant_id = t.tenant_id AND h.tier = kept.tier)
          FROM unnest(ARRAY['raw', 'minute', 'hour', 'day']) WITH ORDINALITY AS kept (tier, place)
          ORDER BY place),
        has_arrivals, pg_postmaster_start_time(),
        EXISTS (SELECT FROM source_watermarks w WHERE w.tenant_id = t.tenant_id),
        set_config('statement_timeout', $2::text, true),
        set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
        set_config('plan_cache_mode', 'force_custom_plan', true)
      FROM tenants t
      WHERE name = $1
      """;

  // Numbers of batches begin at 1.
  private static final long NO_BATCH = 0;

  private SelectSnapshot() {}

  /** The facts; FAILED_PRECONDITION if there is no such tenant. */
  public static Mono<SnapshotFacts> read(
      ReadSession session, String tenant, Duration statementTimeout) {
    return read(session, tenant, statementTimeout, OptionalLong.empty());
  }

  /**
   * The facts; FAILED_PRECONDITION if there is no such tenant.
   *
   * @param batchId of which to tell whether it is visible
   */
  public static Mono<SnapshotFacts> read(
      ReadSession session, String tenant, Duration statementTimeout, OptionalLong batchId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          parameters.add(tenant);
          parameters.add(statementTimeout.toMillis() + "ms");
          parameters.add(batchId.orElse(NO_BATCH));
          return session
              .one(SQL, parameters::bindTo, SelectSnapshot::facts)
              .switchIfEmpty(
                  Mono.error(
                      () ->
                          Failure.of(
                                  Status.Code.FAILED_PRECONDITION,
                                  "UNKNOWN_TENANT",
                                  "tenant: must exist in the database, got " + tenant,
                                  Map.of("tenant", tenant))
                              .toException()));
        });
  }

  private static SnapshotFacts facts(Row row) {
    return new SnapshotFacts(
        Columns.integer(row, 0),
        Micros.of(Objects.requireNonNull(row.get(1, OffsetDateTime.class))),
        Columns.text(row, 2),
        optional(row.get(3, OffsetDateTime.class)),
        optional(row.get(4, OffsetDateTime.class)),
        Boolean.TRUE.equals(row.get(5, Boolean.class)),
        Boolean.TRUE.equals(row.get(6, Boolean.class)),
        horizons(Columns.array(row, 7, Long[].class)),
        Boolean.TRUE.equals(row.get(8, Boolean.class)),
        Micros.of(Objects.requireNonNull(row.get(9, OffsetDateTime.class))),
        Boolean.TRUE.equals(row.get(10, Boolean.class)));
  }

  private static Horizons horizons(@Nullable Long[] tiers) {
    return new Horizons(
        orAlways(tiers[0]), orAlways(tiers[1]), orAlways(tiers[2]), orAlways(tiers[3]));
  }

  private static long orAlways(@Nullable Long micros) {
    return micros == null ? Horizons.ALWAYS : micros;
  }

  private static OptionalLong optional(@Nullable OffsetDateTime time) {
    return time == null ? OptionalLong.empty() : OptionalLong.of(Micros.of(time));
  }
}
