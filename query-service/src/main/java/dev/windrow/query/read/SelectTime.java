package dev.windrow.query.read;

import dev.windrow.query.sql.Micros;
import dev.windrow.runtime.sql.ReadSession;
import java.time.OffsetDateTime;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** What time it is by the database's clock, in microseconds: the same for all replicas. */
public final class SelectTime {
  private static final String SQL = "SELECT clock_timestamp()";

  private SelectTime() {}

  public static Mono<Long> read(ReadSession session) {
    return session.one(
        SQL,
        statement -> statement,
        row -> Micros.of(Objects.requireNonNull(row.get(0, OffsetDateTime.class))));
  }
}
