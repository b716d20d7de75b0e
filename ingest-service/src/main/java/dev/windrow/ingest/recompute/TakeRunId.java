package dev.windrow.ingest.recompute;

import io.r2dbc.spi.Connection;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Takes the number of a new run. */
public final class TakeRunId {
  private static final String SQL = "SELECT nextval('recompute_run_ids')";

  private TakeRunId() {}

  /** One that no other run has. */
  public static Mono<Long> run(Connection connection) {
    return Flux.from(connection.createStatement(SQL).execute())
        .concatMap(
            result -> result.map((row, metadata) -> Objects.requireNonNull(row.get(0, Long.class))))
        .single();
  }
}
