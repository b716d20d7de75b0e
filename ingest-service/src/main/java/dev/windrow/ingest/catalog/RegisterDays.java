package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the partitions of days that this process has not met. */
final class RegisterDays {
  private static final String LOOSE = "SELECT ensure_event_days($1)";
  private static final String RUNS = "SELECT ensure_event_runs($1)";

  private RegisterDays() {}

  static Mono<Void> forLooseRows(Connection connection, Collection<LocalDate> days) {
    return run(connection, LOOSE, days);
  }

  static Mono<Void> forRuns(Connection connection, Collection<LocalDate> days) {
    return run(connection, RUNS, days);
  }

  private static Mono<Void> run(Connection connection, String sql, Collection<LocalDate> days) {
    return Flux.from(
            connection.createStatement(sql).bind("$1", days.toArray(new LocalDate[0])).execute())
        .flatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
