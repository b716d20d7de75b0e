package dev.windrow.ingest.correction;

import io.r2dbc.spi.Connection;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks up whether one of some batches is noted as not folded into a rollup. */
final class FindUnfoldedAmong {
  private static final String SQL =
      "SELECT EXISTS (SELECT FROM unfolded_batches WHERE tenant_id = $1 AND batch_id = ANY ($2))";

  private FindUnfoldedAmong() {}

  static Mono<Boolean> run(Connection connection, int tenantId, Collection<Long> batchIds) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", batchIds.toArray(new Long[0]))
                .execute())
        .concatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
