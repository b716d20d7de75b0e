package dev.windrow.ingest.compaction;

import dev.windrow.runtime.sql.SqlFailures;
import io.r2dbc.spi.Connection;
import java.time.LocalDate;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Has the BRIN indexes of days look at their new pages. */
final class SummarizeDays {
  private static final Logger log = LoggerFactory.getLogger(SummarizeDays.class);

  // VACUUM takes the same lock, and summarizes as well: who finds it at work goes on.
  private static final String SQL =
      """
      WITH patience AS MATERIALIZED (SELECT set_config('lock_timeout', '200ms', true))
      SELECT summarize_event_days($1) FROM patience
      """;

  private SummarizeDays() {}

  /** Never an error: only the cost of reading depends on it. */
  static Mono<Void> run(Connection connection, Collection<LocalDate> days) {
    if (days.isEmpty()) {
      return Mono.empty();
    }
    return Flux.from(
            connection.createStatement(SQL).bind("$1", days.toArray(new LocalDate[0])).execute())
        .flatMap(result -> result.map((row, metadata) -> true))
        .then()
        .onErrorResume(
            e -> {
              log.debug("days are not summarized yet: {} {}", SqlFailures.kind(e), e.toString());
              return Mono.empty();
            });
  }
}
