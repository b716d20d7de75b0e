package dev.windrow.query.latest;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/**
 * Has the rest of a transaction group by hashes. How many rows the probes of buckets will bring
 * PostgreSQL cannot know; it takes them for few and sorts them all, which takes twice as long.
 */
final class AvoidSorts {
  private static final String SQL = "SELECT set_config('enable_sort', 'off', true)";

  private AvoidSorts() {}

  static Mono<Void> run(ReadSession session) {
    return session.forEach(SQL, statement -> statement, row -> {});
  }
}
