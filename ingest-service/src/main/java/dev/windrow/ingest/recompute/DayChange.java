package dev.windrow.ingest.recompute;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import reactor.core.publisher.Mono;

/** What is done to the events of a day in the transaction that then rebuilds it. */
public interface DayChange {
  /**
   * What was done.
   *
   * @param batchId its number among the batches; 0 if nothing was
   */
  record Correction(long batchId) {}

  /** Leaves the events as they are. */
  DayChange NONE = connection -> Mono.just(new Correction(0));

  /** Does it. Empty if there is nothing to do, and so nothing to rebuild. */
  Mono<Correction> apply(PostgresqlConnection connection);
}
