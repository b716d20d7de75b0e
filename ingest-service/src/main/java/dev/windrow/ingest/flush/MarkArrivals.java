package dev.windrow.ingest.flush;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Says that events of a tenant did not arrive as they should: from now on answers look for them.
 */
final class MarkArrivals {
  private static final String SQL =
      "UPDATE tenants SET has_arrivals = true WHERE tenant_id = $1 AND NOT has_arrivals";

  private MarkArrivals() {}

  static Mono<Void> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(Result::getRowsUpdated)
        .then();
  }
}
