package dev.windrow.query.read;

import dev.windrow.query.plan.UnfoldedBatch;
import dev.windrow.query.question.Question;
import dev.windrow.query.sql.Parameters;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import reactor.core.publisher.Mono;

/**
 * Reads the events that are themselves the live delta of a plan's ranges. They count as rows of the
 * delta and not as raw events: that they are not folded is the store's choice, which also bounds
 * how many they are, so no question is refused for them.
 */
final class SelectUnfolded {
  // BRIN finds a range of batches in one go, but each of a list in a go of its own: the 0 hides the
  // list from it.
  private static final String STRETCH =
      """
      SELECT occurred_at, type, source, status, entity_id, value, amount, attributes
      FROM events
      WHERE tenant_id = %s AND occurred_at >= %s AND occurred_at < %s
        AND batch_id >= %s AND batch_id <= %s AND batch_id + 0 = ANY (%s) AND %s
      """;

  // Of several ranges: see SelectDeltas.
  private static final String WITHIN = "width_bucket(occurred_at, %s) %% 2 = 1 AND ";

  private static final int MOST_STRETCHES = 4;

  private SelectUnfolded() {}

  static Mono<Void> read(
      ReadSession session,
      int tenantId,
      Question question,
      List<UnfoldedBatch> batches,
      List<TimeRange> ranges,
      SummaryFold fold) {
    EventScan scan = new EventScan(question);
    Parameters parameters = scan.parameters();
    String tenant = parameters.add(tenantId);
    String filter = within(ranges, parameters) + scan.filter();
    TimeRange all =
        new TimeRange(ranges.get(0).fromMicros(), ranges.get(ranges.size() - 1).toMicros());
    String rows =
        UnfoldedStretch.of(batches, MOST_STRETCHES).stream()
            .map(stretch -> rows(stretch, all, tenant, filter, parameters))
            .collect(Collectors.joining(" UNION ALL "));
    return scan.read(session, rows, fold::addDeltas, fold::addDeltas);
  }

  private static String rows(
      UnfoldedStretch stretch, TimeRange all, String tenant, String filter, Parameters parameters) {
    List<Long> ids = stretch.batchIds();
    TimeRange time = stretch.time().intersect(all);
    return STRETCH.formatted(
        tenant,
        parameters.addInstant(time.fromMicros()),
        parameters.addInstant(time.toMicros()),
        parameters.add(ids.get(0)),
        parameters.add(ids.get(ids.size() - 1)),
        parameters.addNumbers(ids),
        filter);
  }

  private static String within(List<TimeRange> ranges, Parameters parameters) {
    return ranges.size() == 1
        ? ""
        : WITHIN.formatted(
            parameters.addInstants(
                ranges.stream()
                    .flatMapToLong(range -> LongStream.of(range.fromMicros(), range.toMicros()))
                    .toArray()));
  }
}
