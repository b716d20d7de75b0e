package dev.windrow.query.watch;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.query.worth.SnapshotText;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Reads which batches have become visible since a snapshot. Numbers of batches would not tell: they
 * are handed out before commit. A standby's snapshot does not name what was under way, so there
 * everything from its xmin on is told again.
 */
final class SelectChanges {
  /** More batches are not told one by one. */
  static final int MOST = 10_000;

  private static final String SQL =
      """
      SELECT pg_current_snapshot()::text, now(), pg_is_in_recovery(),
        b.xact_id::text::bigint, b.oldest_occurred_at, b.newest_occurred_at,
        set_config('statement_timeout', $3::text, true)
      FROM tenants t LEFT JOIN LATERAL (
        SELECT xact_id, oldest_occurred_at, newest_occurred_at
        FROM ingest_batches
        WHERE tenant_id = t.tenant_id AND oldest_occurred_at IS NOT NULL
          AND xact_id >= pg_snapshot_xmin(nullif($2, '')::pg_snapshot)
          AND (pg_is_in_recovery() OR NOT pg_visible_in_snapshot(xact_id, nullif($2, '')::pg_snapshot))
        LIMIT $4) b ON true
      WHERE t.name = $1
      """;

  private SelectChanges() {}

  /**
   * The changes; empty if there is no such tenant.
   *
   * @param since the look before; null for the first one, which finds none
   */
  static Mono<Changes> read(
      ReadSession session, String tenant, @Nullable AsOf since, Duration timeout) {
    return Mono.defer(
        () -> {
          long begun = System.nanoTime();
          Parameters parameters = new Parameters();
          parameters.add(tenant);
          parameters.add(since == null ? "" : since.position());
          parameters.add(timeout.toMillis() + "ms");
          parameters.add(MOST + 1);
          AtomicReference<@Nullable AsOf> asOf = new AtomicReference<>();
          List<NewBatch> batches = new ArrayList<>();
          return session
              .forEach(
                  SQL,
                  parameters::bindTo,
                  row -> {
                    asOf.compareAndSet(null, asOf(row));
                    Long xid = row.get(3, Long.class);
                    if (xid != null) {
                      batches.add(new NewBatch(xid, micros(row, 4), micros(row, 5)));
                    }
                  })
              .then(Mono.fromSupplier(asOf::get))
              .map(
                  now ->
                      new Changes(
                          now, batches, batches.size() > MOST || isOlder(now, since), begun));
        });
  }

  // A replica that was promoted may lack the last transactions, and gives their numbers to others.
  private static boolean isOlder(AsOf now, @Nullable AsOf since) {
    return since != null && now.snapshot().xmax() < since.snapshot().xmax();
  }

  private static AsOf asOf(Row row) {
    return new AsOf(
        text(row),
        SnapshotText.parse(text(row)),
        micros(row, 1),
        Boolean.TRUE.equals(row.get(2, Boolean.class)));
  }

  private static String text(Row row) {
    return Objects.requireNonNull(row.get(0, String.class));
  }

  private static long micros(Row row, int index) {
    return Micros.of(Objects.requireNonNull(row.get(index, OffsetDateTime.class)));
  }
}
