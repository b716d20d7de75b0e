package dev.windrow.ingest.retention;

import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds out whether a day has events of a tenant. */
final class FindTenantEvents {
  private static final String SQL =
      """
      SELECT EXISTS (SELECT FROM events WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3)
      """;

  private FindTenantEvents() {}

  static Mono<Boolean> run(Connection connection, int tenantId, Partition day) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", day.from())
                .bind("$3", day.to())
                .execute())
        .flatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single();
  }
}
