package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Adds sources that this process has not met to the catalogue. */
final class RegisterSources {
  // Sorted: two lanes that add the same sources must wait for each other in one order.
  private static final String SQL =
      """
      INSERT INTO sources (tenant_id, source)
      SELECT $1, source FROM unnest($2::text[]) AS new (source) ORDER BY source
      ON CONFLICT DO NOTHING
      """;

  private RegisterSources() {}

  static Mono<Void> run(Connection connection, int tenantId, Collection<String> sources) {
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", sources.toArray(new String[0]))
                .execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }
}
