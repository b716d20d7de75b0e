package dev.windrow.query.asof;

import dev.windrow.query.sql.LaterBatches;
import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Finds out whether later batches may touch a window, and which of them are wide. It reads no
 * event, and is all that is read where nothing came since.
 */
final class SelectWideBatches {
  /** Holds for a wide batch. */
  static final String WIDE = "newest_occurred_at - oldest_occurred_at > interval '5 minutes'";

  /** Holds for a batch that has events. Corrections have none, and no history in answers. */
  static final String TOUCHES =
      "event_count > 0 AND newest_occurred_at >= %s AND oldest_occurred_at < %s";

  private static final String SQL =
      """
      SELECT count(*) > 0, min(oldest_occurred_at) FILTER (WHERE %4$s),
        max(newest_occurred_at) FILTER (WHERE %4$s),
        min(batch_id) FILTER (WHERE %4$s), max(batch_id) FILTER (WHERE %4$s)
      FROM ingest_batches batch
      WHERE tenant_id = %1$s AND %2$s AND %3$s
      """;

  private SelectWideBatches() {}

  /** The wide ones; nothing if there is no later batch at all. */
  static Mono<WideBatches> read(
      ReadSession session, int tenantId, TimeRange window, String snapshot) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          String sql =
              SQL.formatted(
                  parameters.add(tenantId),
                  LaterBatches.later(parameters.add(snapshot)),
                  TOUCHES.formatted(
                      parameters.addInstant(window.fromMicros()),
                      parameters.addInstant(window.toMicros())),
                  WIDE);
          return session
              .one(sql, parameters::bindTo, row -> wide(row, window))
              .flatMap(Mono::justOrEmpty);
        });
  }

  private static Optional<WideBatches> wide(Row row, TimeRange window) {
    if (!Boolean.TRUE.equals(row.get(0, Boolean.class))) {
      return Optional.empty();
    }
    OffsetDateTime oldest = row.get(1, OffsetDateTime.class);
    OffsetDateTime newest = row.get(2, OffsetDateTime.class);
    if (oldest == null || newest == null) {
      TimeRange none = new TimeRange(window.fromMicros(), window.fromMicros());
      return Optional.of(new WideBatches(none, 0, 0));
    }
    TimeRange time = new TimeRange(Micros.of(oldest), Micros.of(newest) + 1);
    return Optional.of(new WideBatches(time.intersect(window), number(row, 3), number(row, 4)));
  }

  private static long number(Row row, int index) {
    return Objects.requireNonNull(row.get(index, Long.class));
  }
}
