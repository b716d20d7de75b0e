package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes what became of requests that were not simply stored, for those who repeat them. */
final class SaveResults {
  private static final String SQL =
      """
      INSERT INTO append_results (tenant_id, producer_id, sequence, batch_id,
        stored_count, duplicate_count, rejected_count, rejections)
      SELECT $1, r.producer_id, r.sequence, $2, r.stored, r.duplicates, r.rejected, x.rejections
      FROM unnest($3::text[], $4::bigint[], $5::integer[], $6::integer[], $7::integer[])
        WITH ORDINALITY AS r (producer_id, sequence, stored, duplicates, rejected, place)
      LEFT JOIN (
        SELECT place, json_agg(json_build_object(
          'index', index, 'reason', reason, 'field', field, 'message', message, 'at', at)
          ORDER BY index) AS rejections
        FROM unnest($8::bigint[], $9::integer[], $10::text[], $11::text[], $12::text[], $13::text[])
          AS all_of_them (place, index, reason, field, message, at)
        GROUP BY place
      ) AS x USING (place)
      """;

  private SaveResults() {}

  /** A rejection and the place of its result, from 1. */
  private record Placed(long place, RejectedEvent event) {}

  static Mono<Void> run(
      Connection connection, int tenantId, long batchId, Map<RequestKey, AppendResult> results) {
    if (results.isEmpty()) {
      return Mono.empty();
    }
    List<RequestKey> requests = List.copyOf(results.keySet());
    List<AppendResult> values = requests.stream().map(results::get).toList();
    List<Placed> placed = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      for (RejectedEvent event : values.get(i).rejections()) {
        placed.add(new Placed(i + 1, event));
      }
    }
    return Flux.from(
            connection
                .createStatement(SQL)
                .bind("$1", tenantId)
                .bind("$2", batchId)
                .bind("$3", requests.stream().map(RequestKey::producerId).toArray(String[]::new))
                .bind("$4", requests.stream().map(RequestKey::sequence).toArray(Long[]::new))
                .bind("$5", values.stream().map(AppendResult::stored).toArray(Integer[]::new))
                .bind("$6", values.stream().map(AppendResult::duplicates).toArray(Integer[]::new))
                .bind(
                    "$7", values.stream().map(AppendResult::rejectedCount).toArray(Integer[]::new))
                .bind("$8", placed.stream().map(Placed::place).toArray(Long[]::new))
                .bind("$9", placed.stream().map(one -> one.event().index()).toArray(Integer[]::new))
                .bind("$10", texts(placed, event -> event.reason().name()))
                .bind("$11", texts(placed, RejectedEvent::field))
                .bind("$12", texts(placed, RejectedEvent::message))
                .bind("$13", texts(placed, event -> event.at().toString()))
                .execute())
        .flatMap(Result::getRowsUpdated)
        .then();
  }

  private static String[] texts(List<Placed> placed, Function<RejectedEvent, String> text) {
    return placed.stream().map(one -> text.apply(one.event())).toArray(String[]::new);
  }
}
