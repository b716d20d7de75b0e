package dev.windrow.query.latest;

import dev.windrow.query.plan.UnfoldedBatch;
import dev.windrow.query.read.UnfoldedStretch;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import reactor.core.publisher.Mono;

/** Reads the newest of the events themselves, the first pairs in order. */
final class SelectLatestEvents {
  private static final String SELECT =
      """
      SELECT type, entity_id, newest, (sum(events) OVER ())::bigint
      FROM (
        SELECT type, entity_id, %s AS newest, count(*) AS events
        FROM (%s) AS event
        GROUP BY type, entity_id
      ) AS pair
      ORDER BY type COLLATE "C", entity_id COLLATE "C"
      LIMIT %s
      """;

  // One probe of the partitions for each range; those beyond all ranges are left out when the
  // statement is planned. A row more than the limit tells that it is exceeded.
  private static final String RANGES =
      """
      SELECT event.*
      FROM unnest(%s, %s) AS stretch (lo, hi)
      CROSS JOIN LATERAL (
        SELECT type, entity_id, occurred_at, batch_id, batch_index, value, status
        FROM events
        WHERE tenant_id = %s AND occurred_at >= lo AND occurred_at < hi
          AND occurred_at >= %s AND occurred_at < %s AND %s
        OFFSET 0
      ) AS event
      LIMIT %s\
      """;

  // See SelectUnfolded.
  private static final String STRETCH =
      """
      SELECT type, entity_id, occurred_at, batch_id, batch_index, value, status
      FROM events
      WHERE tenant_id = %s AND occurred_at >= %s AND occurred_at < %s
        AND batch_id >= %s AND batch_id <= %s AND batch_id + 0 = ANY (%s)
        AND width_bucket(occurred_at, %s) %% 2 = 1 AND %s\
      """;

  private static final int MOST_STRETCHES = 4;

  private SelectLatestEvents() {}

  /** Takes an event of a pair. */
  @FunctionalInterface
  interface Found {
    void accept(Pair pair, LatestEvent newest);
  }

  /**
   * Reads the events of ranges, which ascend.
   *
   * @param mostEvents one more are read, if there are
   * @param counted told how many events were read, any number of times
   */
  static Mono<Void> inRanges(
      ReadSession session,
      LatestScope scope,
      List<TimeRange> ranges,
      long mostEvents,
      int mostPairs,
      Found found,
      LongConsumer counted) {
    Parameters parameters = new Parameters();
    String tenant = parameters.add(scope.tenantId());
    String rows =
        RANGES.formatted(
            parameters.addInstants(ranges.stream().mapToLong(TimeRange::fromMicros).toArray()),
            parameters.addInstants(ranges.stream().mapToLong(TimeRange::toMicros).toArray()),
            tenant,
            parameters.addInstant(ranges.get(0).fromMicros()),
            parameters.addInstant(ranges.get(ranges.size() - 1).toMicros()),
            condition(scope, tenant, parameters),
            parameters.add(mostEvents + 1));
    return read(session, rows, mostPairs, parameters, found, counted);
  }

  /** Reads the events that are themselves the delta of the plan. */
  static Mono<Void> unfolded(
      ReadSession session, LatestScope scope, int mostPairs, Found found, LongConsumer counted) {
    Parameters parameters = new Parameters();
    String tenant = parameters.add(scope.tenantId());
    List<TimeRange> ranges = scope.plan().deltaRanges();
    TimeRange all =
        new TimeRange(ranges.get(0).fromMicros(), ranges.get(ranges.size() - 1).toMicros());
    String bounds =
        parameters.addInstants(
            ranges.stream()
                .flatMapToLong(range -> LongStream.of(range.fromMicros(), range.toMicros()))
                .toArray());
    String condition = condition(scope, tenant, parameters);
    List<String> rows = new ArrayList<>();
    for (UnfoldedStretch stretch : stretches(scope.plan().unfolded())) {
      List<Long> ids = stretch.batchIds();
      TimeRange time = stretch.time().intersect(all);
      rows.add(
          STRETCH.formatted(
              tenant,
              parameters.addInstant(time.fromMicros()),
              parameters.addInstant(time.toMicros()),
              parameters.add(ids.get(0)),
              parameters.add(ids.get(ids.size() - 1)),
              parameters.addNumbers(ids),
              bounds,
              condition));
    }
    return read(session, String.join(" UNION ALL ", rows), mostPairs, parameters, found, counted);
  }

  private static List<UnfoldedStretch> stretches(List<UnfoldedBatch> batches) {
    return UnfoldedStretch.of(batches, MOST_STRETCHES);
  }

  private static String condition(LatestScope scope, String tenant, Parameters parameters) {
    DimensionColumns columns = DimensionColumns.ofEvents(parameters);
    return FilterConditions.of(scope.filter(), columns, parameters)
        + " AND "
        + LatestColumns.after(scope.after(), "type", "entity_id", parameters)
        + " AND "
        + LatestColumns.seenEvent(scope.after(), tenant, parameters);
  }

  private static Mono<Void> read(
      ReadSession session,
      String rows,
      int mostPairs,
      Parameters parameters,
      Found found,
      LongConsumer counted) {
    String sql =
        SELECT.formatted(
            LatestColumns.greatest(LatestColumns.OF_EVENT), rows, parameters.add(mostPairs));
    return session.forEach(sql, parameters::bindTo, row -> accept(row, found, counted));
  }

  private static void accept(Row row, Found found, LongConsumer counted) {
    LatestEvent newest = LatestColumns.event(row, 2);
    if (newest != null) {
      found.accept(LatestColumns.pair(row), newest);
    }
    counted.accept(LatestColumns.number(row, 3));
  }
}
