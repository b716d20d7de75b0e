package dev.windrow.query.catalog;

import dev.windrow.catalog.v1.Source;
import dev.windrow.query.grpc.Times;
import dev.windrow.query.paging.PageOf;
import dev.windrow.query.sql.Micros;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import reactor.core.publisher.Mono;

/** Reads the sources of a tenant, by name. */
final class SelectSources {
  private static final String SQL =
      """
      SELECT s.source, s.first_seen_at,
        (SELECT min(w.complete_until) FROM source_watermarks w
         WHERE w.tenant_id = s.tenant_id AND w.source = s.source)
      FROM sources s
      WHERE s.tenant_id = (SELECT tenant_id FROM tenants WHERE name = $1) AND s.source COLLATE "C" > $2
      ORDER BY s.source COLLATE "C"
      LIMIT $3
      """;

  private SelectSources() {}

  static Mono<List<Source>> read(ReadSession session, String tenant, PageOf page) {
    List<Source> sources = new ArrayList<>();
    return session
        .forEach(
            SQL,
            statement ->
                statement.bind("$1", tenant).bind("$2", page.after()).bind("$3", page.size()),
            row -> sources.add(source(row)))
        .thenReturn(sources);
  }

  private static Source source(Row row) {
    Source.Builder source =
        Source.newBuilder()
            .setName(Objects.requireNonNull(row.get(0, String.class)))
            .setFirstSeenTime(
                Times.timestamp(
                    Micros.of(Objects.requireNonNull(row.get(1, OffsetDateTime.class)))));
    OffsetDateTime completeUntil = row.get(2, OffsetDateTime.class);
    if (completeUntil != null) {
      source.setCompleteUntil(Times.timestamp(Micros.of(completeUntil)));
    }
    return source.build();
  }
}
