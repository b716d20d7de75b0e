package dev.windrow.query.latest;

import dev.windrow.query.sql.DimensionColumns;
import dev.windrow.query.sql.FilterConditions;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.LatestEvent;
import dev.windrow.runtime.sql.ReadSession;
import io.r2dbc.spi.Row;
import java.util.List;
import reactor.core.publisher.Mono;

/** Reads the newest event of each of some pairs, in a range of its own. */
final class SelectLatestOfPairs {
  // One probe of the indexes of entities for each pair: see EventColumns for the hash. Partitions
  // beyond all ranges are left out when the statement is planned.
  private static final String SELECT =
      """
      SELECT wanted_type, wanted_id, encode(event.latest, 'hex')
      FROM unnest(%s, %s, %s, %s) AS pair (wanted_type, wanted_id, lo, hi)
      CROSS JOIN LATERAL (
        SELECT %s AS latest
        FROM events
        WHERE tenant_id = %s AND occurred_at >= lo AND occurred_at < hi
          AND occurred_at >= %s AND occurred_at < %s
          AND entity_id = wanted_id AND hashtext(entity_id) = hashtext(wanted_id)
          AND type = wanted_type AND %s
        ORDER BY occurred_at DESC, batch_id DESC, batch_index DESC
        LIMIT 1
      ) AS event
      """;

  private SelectLatestOfPairs() {}

  static Mono<Void> read(
      ReadSession session,
      LatestScope scope,
      List<PairFold.Gap> gaps,
      SelectLatestEvents.Found found) {
    Parameters parameters = new Parameters();
    String tenant = parameters.add(scope.tenantId());
    DimensionColumns columns = DimensionColumns.ofEvents(parameters);
    String condition =
        FilterConditions.of(scope.filter(), columns, parameters)
            + " AND "
            + LatestColumns.seenEvent(scope.after(), tenant, parameters);
    String sql =
        SELECT.formatted(
            parameters.addTexts(gaps.stream().map(gap -> gap.pair().type()).toList()),
            parameters.addTexts(gaps.stream().map(gap -> gap.pair().entityId()).toList()),
            parameters.addInstants(
                gaps.stream().mapToLong(gap -> gap.range().fromMicros()).toArray()),
            parameters.addInstants(
                gaps.stream().mapToLong(gap -> gap.range().toMicros()).toArray()),
            LatestColumns.OF_EVENT,
            tenant,
            parameters.addInstant(
                gaps.stream().mapToLong(gap -> gap.range().fromMicros()).min().orElseThrow()),
            parameters.addInstant(
                gaps.stream().mapToLong(gap -> gap.range().toMicros()).max().orElseThrow()),
            condition);
    return session.forEach(sql, parameters::bindTo, row -> accept(row, found));
  }

  private static void accept(Row row, SelectLatestEvents.Found found) {
    LatestEvent newest = LatestColumns.event(row, 2);
    if (newest != null) {
      found.accept(LatestColumns.pair(row), newest);
    }
  }
}
