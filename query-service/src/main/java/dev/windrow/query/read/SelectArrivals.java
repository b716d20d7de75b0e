package dev.windrow.query.read;

import dev.windrow.query.plan.Horizons;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.Arrivals;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.EnumMap;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Reads how many events of a window did not arrive as they should: from buckets and deltas. */
public final class SelectArrivals {
  // Bounds are known when it is planned, so each part is read from few partitions.
  private static final String SQL =
      """
      SELECT key[1], sum(event_count)::bigint
      FROM (
        SELECT key, event_count FROM rollup_buckets
        WHERE tenant_id = $1 AND rollup_id = 0 AND grain = 1 AND start_at >= $2 AND start_at < $3
        UNION ALL
        SELECT key, event_count FROM rollup_buckets
        WHERE tenant_id = $1 AND rollup_id = 0 AND grain = 2 AND start_at >= $4 AND start_at < $5
        UNION ALL
        SELECT key, event_count FROM rollup_buckets
        WHERE tenant_id = $1 AND rollup_id = 0 AND grain = 3 AND start_at >= $6 AND start_at < $7
        UNION ALL
        SELECT key, event_count FROM rollup_buckets
        WHERE tenant_id = $1 AND rollup_id = 0 AND grain = 2 AND start_at >= $8 AND start_at < $9
        UNION ALL
        SELECT key, event_count FROM rollup_buckets
        WHERE tenant_id = $1 AND rollup_id = 0 AND grain = 1 AND start_at >= $10 AND start_at < $11
        UNION ALL
        SELECT key, event_count FROM rollup_deltas
        WHERE tenant_id = $1 AND rollup_id = 0 AND start_at >= $2 AND start_at < $11
      ) AS parts
      GROUP BY 1
      """;

  // The contract knows no time beyond the year 9999.
  private static final long LAST = 253_402_300_799_999_999L;

  private SelectArrivals() {}

  /** None without asking, if the facts say that there are none at all. */
  public static Mono<ArrivalCounts> read(
      ReadSession session, SnapshotFacts facts, TimeRange window) {
    TimeRange counted = counted(window, facts.horizons());
    if (!facts.arrivals() || counted.lengthMicros() == 0) {
      return Mono.just(new ArrivalCounts(counted, 0, 0, 0));
    }
    return Mono.defer(
        () -> {
          Parameters parameters = new Parameters();
          parameters.add(facts.tenantId());
          for (long bound : bounds(counted)) {
            parameters.addInstant(bound);
          }
          Map<Arrivals.Kind, Long> counts = new EnumMap<>(Arrivals.Kind.class);
          return session
              .forEach(
                  SQL,
                  parameters::bindTo,
                  row ->
                      counts.put(Arrivals.Kind.parse(Columns.text(row, 0)), Columns.bigint(row, 1)))
              .then(Mono.fromSupplier(() -> of(counted, counts)));
        });
  }

  private static ArrivalCounts of(TimeRange counted, Map<Arrivals.Kind, Long> counts) {
    return new ArrivalCounts(
        counted,
        counts.getOrDefault(Arrivals.Kind.LATE, 0L),
        counts.getOrDefault(Arrivals.Kind.DUPLICATE, 0L),
        counts.getOrDefault(Arrivals.Kind.REJECTED, 0L));
  }

  /** The window, as wide as the finest buckets are that are kept at its ends. */
  static TimeRange counted(TimeRange window, Horizons horizons) {
    if (window.lengthMicros() == 0) {
      return window;
    }
    long from = finest(window.fromMicros(), horizons).floor(window.fromMicros());
    long to = window.toMicros();
    to = Math.min(finest(to - 1, horizons).ceil(to), LAST);
    from = Math.max(from, horizons.day());
    return new TimeRange(from, Math.max(from, to));
  }

  private static Grain finest(long at, Horizons horizons) {
    if (at >= horizons.minute()) {
      return Grain.MINUTE;
    }
    return at >= horizons.hour() ? Grain.HOUR : Grain.DAY;
  }

  /**
   * Where minutes, hours, days, hours and minutes of a range begin and end, one after the other: 6
   * bounds, of which each but the first and the last is both, so 10 parameters.
   */
  static long[] bounds(TimeRange range) {
    long from = range.fromMicros();
    long to = range.toMicros();
    long hours = Math.min(Grain.HOUR.ceil(from), to);
    long hoursEnd = Math.max(Grain.HOUR.floor(to), hours);
    long days = Math.min(Grain.DAY.ceil(hours), hoursEnd);
    long daysEnd = Math.max(Grain.DAY.floor(hoursEnd), days);
    return new long[] {
      from, hours, hours, days, days, daysEnd, daysEnd, hoursEnd, hoursEnd, to,
    };
  }
}
