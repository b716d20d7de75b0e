package dev.windrow.ingest.retention;

import dev.windrow.ingest.catalog.FindDayPages;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes a tenant's events of a day, some pages in each transaction. */
final class DeleteDayEvents {
  private static final long PAGES = 1024;

  // What is to be folded yet stays: until it is, the events alone say what they add.
  private static final String SQL =
      """
      DELETE FROM events
      WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3
        AND ctid >= format('(%s,0)', $4::bigint)::tid AND ctid < format('(%s,0)', $5::bigint)::tid
        AND batch_id <> ALL (ARRAY(
          SELECT batch_id FROM unfolded_batches
          WHERE tenant_id = $1 AND oldest_occurred_at < $3 AND newest_occurred_at >= $2))
      """;

  private DeleteDayEvents() {}

  /** How many there were. Outside of transactions. */
  static Mono<Long> run(Connection connection, int tenantId, Partition day) {
    return FindDayPages.run(connection, day.begin())
        .flatMapMany(
            pages ->
                Flux.range(0, Math.toIntExact(pages / PAGES) + 1)
                    .concatMap(piece -> delete(connection, tenantId, day, piece * PAGES), 0))
        .reduce(0L, Long::sum);
  }

  private static Flux<Long> delete(
      Connection connection, int tenantId, Partition day, long firstPage) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", day.from())
                .bind("$3", day.to())
                .bind("$4", firstPage)
                .bind("$5", firstPage + PAGES)
                .execute())
        .concatMap(Result::getRowsUpdated);
  }
}
