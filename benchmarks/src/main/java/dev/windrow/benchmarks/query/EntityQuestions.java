package dev.windrow.benchmarks.query;

import static dev.windrow.benchmarks.query.Closeness.EQUAL;
import static dev.windrow.benchmarks.query.Closeness.ROUNDED;

import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.Measure;
import dev.windrow.rollup.Grain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * After TSBS' questions about hosts of the DevOps case, whose names they keep: an entity is a host,
 * its {@code value} the one metric. Their windows are unaligned and end with what is newest.
 */
final class EntityQuestions {
  // By frequency, from 0: the busiest have more than others would think typical.
  private static final int FIRST_RANK = 10;

  private EntityQuestions() {}

  /**
   * @param span whose last hours are asked about
   */
  static List<Question> about(Span span) {
    return List.of(
        maxBy(Grain.MINUTE, "single-groupby-1-1-1", 1, span.last(Duration.ofHours(1))),
        maxBy(Grain.MINUTE, "single-groupby-5-8-1", 5, span.last(Duration.ofHours(8))),
        meanByHour(span.last(Duration.ofHours(12))),
        maxBy(Grain.HOUR, "cpu-max-all-8", 8, span.last(Duration.ofHours(8))),
        lastMinutes(span.last(Duration.ofMinutes(5))),
        lastpoint(),
        events(span.last(Duration.ofHours(12))));
  }

  private static Question maxBy(Grain grain, String name, int count, Span span) {
    String unit = grain.sqlName();
    List<String> entities = entities(count);
    return new Question(
        name,
        "max by " + unit + ", entities: " + count + ", hours: " + hours(span),
        Summaries.request(
            Summaries.of(span, Summaries.metric(Measure.MEASURE_MAX))
                .setFilter(Summaries.entities(entities))
                .setInterval(Interval.valueOf("INTERVAL_" + grain.name()))),
        new BoundSql(
            """
            SELECT date_trunc('%1$s', occurred_at, 'UTC') AS %1$s, max(value)
            FROM plain_events
            WHERE entity_id = ANY (:entities) AND occurred_at >= :from AND occurred_at < :to
            GROUP BY %1$s ORDER BY %1$s
            """
                .formatted(unit),
            with(span, entities)),
        Optional.of(
            new BoundSql(
                """
                SELECT date_trunc('%1$s', start_at, 'UTC') AS %1$s, max(value_max)
                FROM (%2$s) AS parts
                WHERE entity_id = ANY (:entities)
                GROUP BY %1$s ORDER BY %1$s
                """
                    .formatted(unit, HandRollups.parts(HandRollups.ENTITY, grain)),
                with(span, entities))),
        List.of(EQUAL));
  }

  // The most rows that an answer may have are asked for: more than that are there.
  private static Question meanByHour(Span span) {
    return new Question(
        "double-groupby-1",
        "mean by entity and hour, 12 hours, the first 10,000 rows",
        Summaries.request(
            Summaries.of(span, Summaries.metric(Measure.MEASURE_AVG))
                .addGroupBy("entity_id")
                .setInterval(Interval.INTERVAL_HOUR)
                .setOrderBy("interval_start, entity_id")
                .setLimit(10_000)),
        new BoundSql(
            """
            SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, entity_id, avg(value)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY hour, entity_id ORDER BY hour, entity_id LIMIT 10000
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT date_trunc('hour', start_at, 'UTC') AS hour, entity_id, sum(value_sum) / sum(value_count)
                FROM (%s) AS parts
                GROUP BY hour, entity_id ORDER BY hour, entity_id LIMIT 10000
                """
                    .formatted(HandRollups.parts(HandRollups.ENTITY, Grain.HOUR)),
                span.parameters())),
        List.of(ROUNDED));
  }

  private static Question lastMinutes(Span span) {
    return new Question(
        "groupby-orderby-limit",
        "max by minute, the newest 5 of the last 5 minutes",
        Summaries.request(
            Summaries.of(span, Summaries.metric(Measure.MEASURE_MAX))
                .setInterval(Interval.INTERVAL_MINUTE)
                .setOrderBy("interval_start desc")
                .setLimit(5)),
        new BoundSql(
            """
            SELECT date_trunc('minute', occurred_at, 'UTC') AS minute, max(value)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY minute ORDER BY minute DESC LIMIT 5
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT date_trunc('minute', start_at, 'UTC') AS minute, max(value_max)
                FROM (%s) AS parts
                GROUP BY minute ORDER BY minute DESC LIMIT 5
                """
                    .formatted(HandRollups.parts(HandRollups.SOURCE, Grain.MINUTE)),
                span.parameters())),
        List.of(EQUAL));
  }

  private static Question lastpoint() {
    return new Question(
        "lastpoint",
        "the newest event of each entity, whenever it was",
        new Request.Latest(GetLatestRequest.newBuilder().setPageSize(10_000).build()),
        new BoundSql(
            """
            SELECT DISTINCT ON (entity_id) entity_id, occurred_at, value
            FROM plain_events ORDER BY entity_id, occurred_at DESC
            """,
            Map.of()),
        Optional.empty(),
        List.of(EQUAL));
  }

  // TSBS asks for a value above a bound; Windrow's filters compare dimensions only.
  private static Question events(Span span) {
    String entity = entities(1).get(0);
    Map<String, Object> values = with(span, List.of(entity));
    values.put("status", "failed");
    return new Question(
        "high-cpu-1, by status",
        "the newest 1,000 events of an entity that failed, 12 hours",
        new Request.Listing(
            ListEventsRequest.newBuilder()
                .setWindow(span.window())
                .setFilter("entity_id = \"" + entity + "\" AND status = \"failed\"")
                .setPageSize(1_000)
                .build()),
        new BoundSql(
            """
            SELECT occurred_at, value, amount
            FROM plain_events
            WHERE entity_id = ANY (:entities) AND status = :status AND occurred_at >= :from AND occurred_at < :to
            ORDER BY occurred_at DESC LIMIT 1000
            """,
            values),
        Optional.empty(),
        List.of(EQUAL, EQUAL));
  }

  private static long hours(Span span) {
    return Duration.between(span.from(), span.to()).toHours();
  }

  private static List<String> entities(int count) {
    return IntStream.range(FIRST_RANK, FIRST_RANK + count)
        .mapToObj("customer-%010d"::formatted)
        .toList();
  }

  private static Map<String, Object> with(Span span, List<String> entities) {
    Map<String, Object> values = new HashMap<>(span.parameters());
    values.put("entities", entities);
    return values;
  }
}
