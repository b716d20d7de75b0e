package dev.windrow.ingest.compaction;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.Slot;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tells where a rollup has buckets at all: what is new, as in an import, need not be looked for.
 */
final class FindStarts {
  private static final String SQL =
      """
      SELECT wanted.rollup_id, wanted.grain, wanted.start_at
      FROM unnest($2::integer[], $3::smallint[], $4::timestamptz[])
        AS wanted (rollup_id, grain, start_at)
      WHERE EXISTS (
        SELECT FROM rollup_buckets b
        WHERE b.tenant_id = $1 AND b.rollup_id = wanted.rollup_id AND b.grain = wanted.grain
          AND b.start_at = wanted.start_at
        OFFSET 0
      )
      """;

  private FindStarts() {}

  /** The start of a rollup's buckets. */
  record Start(int rollupId, Grain grain, long micros) {
    static Start of(Slot slot) {
      return new Start(slot.rollupId(), slot.grain(), slot.startMicros());
    }

    boolean isOf(Slot slot) {
      return micros == slot.startMicros() && grain == slot.grain() && rollupId == slot.rollupId();
    }

    private Instant instant() {
      return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
  }

  /** Those of the starts at which some bucket is. */
  static Mono<Set<Start>> run(Connection connection, int tenantId, Set<Start> starts) {
    List<Start> wanted = List.copyOf(starts);
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", wanted.stream().map(Start::rollupId).toArray(Integer[]::new))
                .bind("$3", wanted.stream().map(at -> at.grain().code()).toArray(Short[]::new))
                .bind("$4", wanted.stream().map(Start::instant).toArray(Instant[]::new))
                .execute())
        .flatMap(result -> result.map((row, metadata) -> start(row)))
        .collect(HashSet::new, Set::add);
  }

  private static Start start(Row row) {
    Instant at = Objects.requireNonNull(row.get(2, Instant.class));
    return new Start(
        Objects.requireNonNull(row.get(0, Integer.class)),
        Grain.ofCode(Objects.requireNonNull(row.get(1, Short.class))),
        at.getEpochSecond() * 1_000_000);
  }
}
