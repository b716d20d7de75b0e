package dev.windrow.ingest.unfolded;

import dev.windrow.rollup.TimeRange;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Notes into which rollups a batch is not folded yet. */
public final class NoteUnfolded {
  private static final String SQL =
      """
      INSERT INTO unfolded_batches (tenant_id, rollup_id, batch_id, event_count,
        oldest_occurred_at, newest_occurred_at)
      SELECT $1, rollup_id, $3, $4, $5, $6 FROM unnest($2::integer[]) AS rollup_id
      """;

  private NoteUnfolded() {}

  /**
   * Notes a batch for each of these rollups.
   *
   * @param span from the batch's oldest event to just behind its newest
   */
  public static Mono<Void> run(
      Connection connection,
      int tenantId,
      List<Integer> rollups,
      long batchId,
      int events,
      TimeRange span) {
    if (rollups.isEmpty()) {
      return Mono.empty();
    }
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", rollups.toArray(new Integer[0]))
                .bind("$3", batchId)
                .bind("$4", events)
                .bind("$5", Instant.EPOCH.plus(span.fromMicros(), ChronoUnit.MICROS))
                .bind("$6", Instant.EPOCH.plus(span.toMicros() - 1, ChronoUnit.MICROS))
                .execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
