package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Collection;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Makes the partitions of days that this process has not met. */
final class RegisterDays {
  private static final String SQL = "SELECT ensure_event_days($1)";

  private RegisterDays() {}

  static Mono<Void> run(Connection connection, Collection<LocalDate> days) {
    return Flux.from(
            connection.createStatement(SQL).bind("$1", days.toArray(new LocalDate[0])).execute())
        .flatMap(result -> result.map((row, metadata) -> true))
        .then();
  }
}
