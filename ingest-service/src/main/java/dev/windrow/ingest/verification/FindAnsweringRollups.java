package dev.windrow.ingest.verification;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds the rollups of a tenant that questions are answered from: only these must be whole. */
final class FindAnsweringRollups {
  private static final String SQL =
      "SELECT rollup_id FROM rollups WHERE tenant_id = $1 AND state = 'ACTIVE'";

  private FindAnsweringRollups() {}

  static Mono<Set<Integer>> run(Connection connection, int tenantId) {
    return Flux.from(connection.createStatement(SQL).bind("$1", tenantId).execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Integer.class))))
        .collect(Collectors.toUnmodifiableSet());
  }
}
