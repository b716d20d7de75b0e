package dev.windrow.query.read;

import dev.windrow.query.question.Question;
import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Reads the raw events of a plan's ranges. PostgreSQL groups them where it can; an exact sum of
 * doubles and the sketches are ours, and need the events one by one.
 */
final class SelectEvents {
  // A row more than the limit tells that the limit is exceeded.
  private static final String FROM = " FROM (SELECT * FROM (%s) AS event LIMIT %s) AS event";

  // Of one range; several are joined by UNION ALL. PostgreSQL sees the bounds when it plans, and
  // leaves out the partitions beyond them.
  private static final String RANGE =
      """
      SELECT occurred_at, type, source, status, entity_id, value, amount, attributes
      FROM events
      WHERE tenant_id = %s AND occurred_at >= %s AND occurred_at < %s AND %s
      """;

  // Of many ranges: one probe of the partitions for each, as for buckets.
  private static final String RANGES =
      """
      SELECT event.*
      FROM unnest(%s, %s) AS stretch (lo, hi)
      CROSS JOIN LATERAL (
        SELECT occurred_at, type, source, status, entity_id, value, amount, attributes
        FROM events
        WHERE tenant_id = %s AND occurred_at >= lo AND occurred_at < hi AND %s
        OFFSET 0
      ) AS event
      """;

  // A window has two raw edges; more come from intervals that lie askew to the grid.
  private static final int FEW_RANGES = 4;

  private SelectEvents() {}

  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      Question question,
      List<TimeRange> ranges,
      ReadLimits limits,
      SummaryFold fold) {
    Parameters parameters = new Parameters();
    DimensionColumns columns = DimensionColumns.ofEvents(parameters);
    Needs needs = Needs.of(question);
    RowShape shape = RowShape.of(question);
    boolean grouped = !needs.sketches() && !needs.sum();
    String select =
        "SELECT "
            + RowShape.columns(question, "occurred_at", "1", grouped, columns, parameters)
            + (grouped ? grouped(needs) : single(needs));
    String tenant = parameters.add(tenantId);
    String filter = FilterConditions.of(question.filter(), columns, parameters);
    String rows = rows(ranges, tenant, filter, parameters);
    String from = FROM.formatted(rows, parameters.add(limits.maxRawRows() + 1));
    if (grouped) {
      return session.forEach(
          select + from + " GROUP BY " + shape.groupBy(),
          parameters::bindTo,
          row -> fold.addEvents(FoldRow.of(row, shape)));
    }
    return session.forEach(
        select + from,
        parameters::bindTo,
        row -> fold.addEvent(EventRow.of(row, shape, needs.entities())));
  }

  private static String rows(
      List<TimeRange> ranges, String tenant, String filter, Parameters parameters) {
    if (ranges.size() > FEW_RANGES) {
      return RANGES.formatted(
          parameters.addInstants(ranges.stream().mapToLong(TimeRange::fromMicros).toArray()),
          parameters.addInstants(ranges.stream().mapToLong(TimeRange::toMicros).toArray()),
          tenant,
          filter);
    }
    return ranges.stream()
        .map(
            range ->
                RANGE.formatted(
                    tenant,
                    parameters.addInstant(range.fromMicros()),
                    parameters.addInstant(range.toMicros()),
                    filter))
        .collect(Collectors.joining(" UNION ALL "));
  }

  private static String single(Needs needs) {
    return "value, amount" + (needs.entities() ? ", entity_id" : "");
  }

  private static String grouped(Needs needs) {
    return "count(*), count(*)"
        + (needs.bounds() ? ", count(value)" : ", 0::bigint")
        + ", 0::numeric"
        + (needs.bounds()
            ? ", min(value), max(value)"
            : ", NULL::double precision, NULL::double precision")
        + (needs.amount() ? ", coalesce(sum(amount), 0)" : ", 0::numeric")
        + ", NULL::bytea, NULL::bytea";
  }
}
