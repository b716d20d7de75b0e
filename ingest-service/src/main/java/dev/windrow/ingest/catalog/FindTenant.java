package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Looks a tenant up by its name. */
public final class FindTenant {
  private static final String SQL = "SELECT tenant_id FROM tenants WHERE name = $1";

  private FindTenant() {}

  /** Its id, or empty. */
  public static Mono<Integer> run(Connection connection, String name) {
    return Flux.from(connection.createStatement(SQL).bind("$1", name).execute())
        .flatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Integer.class))))
        .next();
  }
}
