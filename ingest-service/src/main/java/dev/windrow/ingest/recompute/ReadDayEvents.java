package dev.windrow.ingest.recompute;

import dev.windrow.ingest.catalog.FindDayPages;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Reads the events of a day, in no particular order: some pages of its tables at a time, packed
 * into one value, which spares nearly all of what a row of many columns costs on its way.
 */
final class ReadDayEvents {
  // What is in memory at once follows from these: a page has some hundred events at most. Long
  // attributes lie elsewhere, and a page may name very many of them.
  private static final int PAGES = 64;
  private static final int PAGES_OF_ATTRIBUTES = 16;
  // Page numbers have 32 bits.
  private static final long NO_PAGE = 0xFFFF_FFFFL;

  private static final int FIRST_ATTRIBUTE = 6;
  private static final String SQL =
      """
      SELECT coalesce(string_agg(record_send(ROW(batch_id, batch_index, occurred_at, source, type, entity_id,
        status, value, amount%s)), ''), '')
      FROM events
      WHERE tenant_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND ctid >= $4::tid AND ctid < $5::tid
      """;

  private ReadDayEvents() {}

  /**
   * As fast as they are asked for; within a transaction of one snapshot, which has been taken.
   *
   * @param restPerWork how many times as long as a piece has taken the next one is waited for
   */
  static Flux<PackedEvents> run(
      Connection connection, int tenantId, LocalDate day, DayScope scope, int restPerWork) {
    List<String> attributes = scope.attributes();
    String sql = sql(attributes.size());
    int step = attributes.isEmpty() ? PAGES : PAGES_OF_ATTRIBUTES;
    return FindDayPages.run(connection, day)
        .flatMapMany(
            pages ->
                // Whatever the last one has grown to meanwhile: nothing beyond it was in the
                // snapshot.
                Flux.range(0, Math.toIntExact(pages / step) + 1)
                    .map(Integer::longValue)
                    .concatMap(
                        piece -> {
                          long begin = piece * step;
                          long end = begin + step > pages ? NO_PAGE : begin + step;
                          Statement statement =
                              connection
                                  .createStatement(sql)
                                  .bind("$1", tenantId)
                                  .bind("$2", scope.from())
                                  .bind("$3", scope.to())
                                  .bind("$4", tid(begin))
                                  .bind("$5", tid(end));
                          return Rest.after(read(statement, attributes), restPerWork);
                        },
                        0));
  }

  private static Mono<PackedEvents> read(Statement statement, List<String> attributes) {
    for (int i = 0; i < attributes.size(); i++) {
      statement.bind("$" + (FIRST_ATTRIBUTE + i), attributes.get(i));
    }
    return Flux.from(statement.execute())
        .concatMap(
            result ->
                result.map((row, metadata) -> Objects.requireNonNull(row.get(0, byte[].class))))
        .single()
        .map(records -> new PackedEvents(records, attributes));
  }

  private static String sql(int attributes) {
    return SQL.formatted(
        IntStream.range(0, attributes)
            .mapToObj(i -> ", attributes ->> $" + (FIRST_ATTRIBUTE + i) + "::text")
            .collect(Collectors.joining()));
  }

  private static String tid(long page) {
    return "(" + page + ",0)";
  }
}
