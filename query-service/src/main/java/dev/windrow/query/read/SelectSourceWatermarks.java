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
  // One pass over the declarations of a tenant, of which there is one for each source and producer;
  // the least
  // of all comes along even if it is not among the first by name.
  private static final String SQL =
      """
      WITH declared AS (
        SELECT DISTINCT ON (source) source, complete_until, declared_at
        FROM source_watermarks
        WHERE tenant_id = $1
        ORDER BY source, complete_until, declared_at DESC),
      ranked AS (
        SELECT source, complete_until, declared_at, count(*) OVER () AS sources,
          row_number() OVER (ORDER BY source COLLATE "C") AS by_name,
          row_number() OVER (ORDER BY complete_until, source COLLATE "C") AS by_time
        FROM declared)
      SELECT source, complete_until, declared_at, sources, by_name <= $2, by_time = 1
      FROM ranked
      WHERE by_name <= $2 OR by_time = 1
      ORDER BY by_name
      """;

  private SelectSourceWatermarks() {}

  public static Mono<SourceWatermarks> read(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          parameters.add(tenantId);
          parameters.add(SourceWatermarks.MAX_LISTED);
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
      sources = Columns.bigint(row, 3);
      if (isTrue(row, 4)) {
        listed.add(watermark);
      }
      if (isTrue(row, 5)) {
        least = Optional.of(watermark);
      }
    }

    SourceWatermarks toWatermarks() {
      return new SourceWatermarks(listed, sources - listed.size(), least);
    }

    private static long micros(Row row, int index) {
      return Micros.of(Objects.requireNonNull(row.get(index, OffsetDateTime.class)));
    }

    private static boolean isTrue(Row row, int index) {
      return Boolean.TRUE.equals(row.get(index, Boolean.class));
    }
  }
}
