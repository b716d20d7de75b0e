package dev.windrow.query.catalog;

import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/**
 * Lets one transaction at a time change a tenant's catalogue, until it ends. A statement of its
 * own, so that the next one sees what the one before has committed.
 */
final class LockChanges {
  // The class is one of the advisory locks of Windrow, which are pairs of a class and a tenant.
  private static final String SQL =
      "SELECT pg_advisory_xact_lock(x'57490007'::integer, tenant_id) FROM tenants WHERE name = $1";

  private LockChanges() {}

  static Mono<Void> run(ReadSession session, String tenant) {
    return session.forEach(SQL, statement -> statement.bind("$1", tenant), row -> {});
  }
}
