package dev.windrow.query.read;

import dev.windrow.query.sql.Micros;
import dev.windrow.query.sql.Parameters;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads what the sources of a tenant are declared to be complete up to. */
public final class SelectSourceWatermarks {
  // From source to source, each by the first entry of an index, so that the cost is bounded however
  // many sources and producers there are. Place 0 is the least of all.
  private static final String SQL =
      """
      WITH RECURSIVE declared (source, complete_until, declared_at, place) AS (
        (SELECT source COLLATE "C", complete_until, declared_at, 1
         FROM source_watermarks
         WHERE tenant_id = $1
         ORDER BY source COLLATE "C", complete_until LIMIT 1)
        UNION ALL
        SELECT next.source COLLATE "C", next.complete_until, next.declared_at, place + 1
        FROM declared CROSS JOIN LATERAL (
          SELECT source, complete_until, declared_at
          FROM source_watermarks w
          WHERE w.tenant_id = $1 AND w.source COLLATE "C" > declared.source
          ORDER BY w.source COLLATE "C", w.complete_until LIMIT 1) next
        WHERE place < $3),
      least AS (
        SELECT source, complete_until, declared_at
        FROM source_watermarks
        WHERE tenant_id = $1
        ORDER BY complete_until, source COLLATE "C" LIMIT 1)
      SELECT source, complete_until, declared_at, 0 AS place, (SELECT count(*) FROM declared)
      FROM least
      UNION ALL
      SELECT source, complete_until, declared_at, place, 0 FROM declared WHERE place <= $2
      ORDER BY place
      """;

  private SelectSourceWatermarks() {}

  public static Mono<SourceWatermarks> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          parameters.add(tenantId);
          parameters.add(SourceWatermarks.MAX_LISTED);
          parameters.add(SourceWatermarks.MAX_COUNTED);
          Rows rows = new Rows();
          return session
              .forEach(SQL, parameters::bindTo, rows::add)
              .then(Mono.fromSupplier(rows::toWatermarks));
        });
  }

  /** The rows of one reading, as they come. */
  private static final class Rows {
    private final List<SourceWatermark> listed = new ArrayList<>();
    private Optional<SourceWatermark> least = Optional.empty();
    private long sources;

    void add(Row row) {
      SourceWatermark watermark =
          new SourceWatermark(Columns.text(row, 0), micros(row, 1), micros(row, 2));
      if (Columns.integer(row, 3) == 0) {
        least = Optional.of(watermark);
        sources = Columns.bigint(row, 4);
      } else {
        listed.add(watermark);
      }
    }

    SourceWatermarks toWatermarks() {
      return new SourceWatermarks(listed, sources - listed.size(), least);
    }

    private static long micros(Row row, int index) {
      return Micros.of(Objects.requireNonNull(row.get(index, OffsetDateTime.class)));
    }
  }
}
