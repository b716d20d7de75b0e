package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Finds a rollup by its name, wherever in its life it is. */
public final class FindRollup {
  private static final String SQL =
      """
      SELECT rollup_id, state, created_at FROM rollups WHERE tenant_id = $1 AND name = $2
      """;

  /**
   * A rollup.
   *
   * @param createdAt by the database's clock
   */
  public record Found(int id, String state, Instant createdAt) {}

  private FindRollup() {}

  /** Empty if there is and was none of that name. */
  public static Mono<Found> run(Connection connection, int tenantId, String name) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", tenantId).bind("$2", name).execute())
        .concatMap(result -> result.map((row, metadata) -> found(row)))
        .singleOrEmpty();
  }

  private static Found found(Row row) {
    return new Found(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Objects.requireNonNull(row.get(1, String.class)),
        Objects.requireNonNull(row.get(2, Instant.class)));
  }
}
