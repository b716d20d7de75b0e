package dev.windrow.ingest.flush;

import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.config.Instance;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes the lineage of a batch. */
final class RecordBatch {
  private static final String SQL =
      """
      INSERT INTO ingest_batches (tenant_id, batch_id, instance_id, env, lane, request_count,
        event_count, duplicate_count, rejected_count, oldest_occurred_at, newest_occurred_at, written_at)
      VALUES ($1, $2, nullif($3, ''), nullif($4, ''), $5, $6, $7, $8, $9, $10, $11, $12)
      """;

  private RecordBatch() {}

  /**
   * What is known of a batch.
   *
   * @param at the batch's time
   * @param span from the oldest event to just behind the newest; null if it holds no events
   */
  record Lineage(
      long batchId,
      Instant at,
      int lane,
      int requests,
      int events,
      int duplicates,
      int rejected,
      @Nullable TimeRange span) {}

  static Mono<Void> run(Connection connection, int tenantId, Instance instance, Lineage lineage) {
    Statement statement =
        connection
            .createStatement(SQL)
            .bind("$1", tenantId)
            .bind("$2", lineage.batchId())
            .bind("$3", instance.instanceId())
            .bind("$4", instance.env())
            .bind("$5", lineage.lane())
            .bind("$6", lineage.requests())
            .bind("$7", lineage.events())
            .bind("$8", lineage.duplicates())
            .bind("$9", lineage.rejected());
    TimeRange span = lineage.span();
    bind(statement, "$10", span == null ? null : (Long) span.fromMicros());
    bind(statement, "$11", span == null ? null : (Long) (span.toMicros() - 1));
    statement.bind("$12", lineage.at());
    return Flux.from(statement.execute()).flatMap(Result::getRowsUpdated).then();
  }

  private static void bind(Statement statement, String name, @Nullable Long micros) {
    if (micros == null) {
      statement.bindNull(name, Instant.class);
    } else {
      statement.bind(name, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
    }
  }
}
