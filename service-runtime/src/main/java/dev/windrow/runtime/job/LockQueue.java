package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/**
 * Waits until nobody else claims jobs of a tenant, until the transaction ends: two at once would
 * not see what the other gives to a client.
 */
final class LockQueue {
  // The class is one of the advisory locks of Windrow, which are pairs of a class and a tenant.
  private static final String SQL =
      "SELECT pg_advisory_xact_lock(x'57490005'::integer, tenant_id) FROM tenants WHERE name = $1";

  private LockQueue() {}

  static Mono<Void> run(ReadSession session, String tenant) {
    return session.forEach(SQL, statement -> statement.bind("$1", tenant), row -> {});
  }
}
