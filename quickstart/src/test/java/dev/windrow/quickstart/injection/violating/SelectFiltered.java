package dev.windrow.quickstart.injection.violating;

import dev.windrow.query.filter.Filter.Comparison;
import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/** Writes SQL from a text of the caller. */
public final class SelectFiltered {
  private static final String SQL = "SELECT FROM events WHERE source = '%s'";

  private SelectFiltered() {}

  public static Mono<Void> read(ReadSession session, Comparison comparison) {
    String sql = SQL.formatted(comparison.values().get(0));
    return session.forEach(sql, statement -> statement, row -> {});
  }
}
