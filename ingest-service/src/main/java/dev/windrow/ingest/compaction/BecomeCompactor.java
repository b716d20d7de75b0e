package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.AdvisoryLock;
import io.r2dbc.spi.Connection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks to be the one compactor of a tenant until the transaction ends. */
final class BecomeCompactor {
  private static final String LOCK = "SELECT pg_try_advisory_xact_lock($1, $2)";

  // Few slots meet many buckets, which the planner cannot know: without this it may read a whole
  // table of buckets, or sort it on disk, to find a handful. And a plan that was made while the
  // buckets were few would be kept when they are many.
  private static final String PLAN_BY_KEY =
      """
      SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
             set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true),
             set_config('enable_sort', 'off', true), set_config('work_mem', '64MB', true),
             set_config('plan_cache_mode', 'force_custom_plan', true)
      """;

  private BecomeCompactor() {}

  /** Whether nobody else is. */
  static Mono<Boolean> run(Connection connection, int tenantId) {
    return Flux.from(
            connection
                .createStatement(LOCK)
                .bind("$1", AdvisoryLock.COMPACTION.classId())
                .bind("$2", tenantId)
                .execute())
        .flatMap(result -> result.map((row, metadata) -> Boolean.TRUE.equals(row.get(0))))
        .single()
        .flatMap(
            alone ->
                Flux.from(connection.createStatement(PLAN_BY_KEY).execute())
                    .flatMap(result -> result.map((row, metadata) -> true))
                    .then(Mono.just(alone)));
  }
}
