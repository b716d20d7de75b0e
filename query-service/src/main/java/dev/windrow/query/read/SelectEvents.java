package dev.windrow.query.read;

import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.LaterBatches;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.List;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/** Reads the raw events of a plan's ranges, without those of later batches if it has any. */
final class SelectEvents {
  // A row more than the limit tells that the limit is exceeded.
  private static final String LIMITED = "SELECT * FROM (%s) AS event LIMIT %s";

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
      WindowPlan plan,
      ReadLimits limits,
      SummaryFold fold) {
    EventScan scan = new EventScan(question);
    Parameters parameters = scan.parameters();
    String tenant = parameters.add(tenantId);
    String filter = scan.filter() + seen(plan.disturbance(), tenant, parameters);
    String rows = rows(plan.rawRanges(), tenant, filter, parameters);
    String limited = LIMITED.formatted(rows, parameters.add(limits.maxRawRows() + 1));
    return scan.read(session, limited, fold::addEvents, fold::addEvents);
  }

  private static String seen(Disturbance disturbance, String tenant, Parameters parameters) {
    return disturbance.isNone()
        ? ""
        : " AND " + LaterBatches.none("events", tenant, disturbance.snapshot(), parameters);
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
}
