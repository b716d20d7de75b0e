package dev.windrow.benchmarks.query;

import static dev.windrow.benchmarks.query.Closeness.DISTINCT;
import static dev.windrow.benchmarks.query.Closeness.EQUAL;
import static dev.windrow.benchmarks.query.Closeness.PERCENTILE;
import static dev.windrow.benchmarks.query.Closeness.ROUNDED;

import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.rollup.Grain;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Questions about all that happened in a long window. */
final class WindowQuestions {
  private WindowQuestions() {}

  /**
   * @param whole days
   * @param unaligned most of them
   */
  static List<Question> about(Span whole, Span unaligned) {
    return List.of(
        summaryBySource(unaligned),
        count(whole),
        p95(whole),
        p95BySource(unaligned),
        topEntities(whole),
        hourly(unaligned.last(Duration.ofDays(7))),
        distinctEntities(whole));
  }

  private static Question summaryBySource(Span span) {
    return new Question(
        "summary-by-source",
        "count, mean, min, max, sum of amounts by source, 30 days, unaligned",
        Summaries.request(
            Summaries.of(
                    span,
                    Summaries.metric(Measure.MEASURE_COUNT),
                    Summaries.metric(Measure.MEASURE_AVG),
                    Summaries.metric(Measure.MEASURE_MIN),
                    Summaries.metric(Measure.MEASURE_MAX),
                    Summaries.metric(Measure.MEASURE_AMOUNT_SUM))
                .addGroupBy("source")),
        new BoundSql(
            """
            SELECT source, count(*), avg(value), min(value), max(value), sum(amount)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY source
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT source, sum(events), sum(value_sum) / sum(value_count), min(value_min), max(value_max),
                  sum(amount_sum)
                FROM (%s) AS parts
                GROUP BY source
                """
                    .formatted(HandRollups.parts(HandRollups.SOURCE, Grain.DAY)),
                span.parameters())),
        List.of(EQUAL, ROUNDED, EQUAL, EQUAL, EQUAL));
  }

  private static Question count(Span span) {
    return new Question(
        "count",
        "count of all, 30 whole days",
        Summaries.request(Summaries.of(span, Summaries.metric(Measure.MEASURE_COUNT))),
        new BoundSql(
            """
            SELECT count(*) FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT sum(events) FROM hand_source_day WHERE start_at >= :from AND start_at < :to
                """,
                span.parameters())),
        List.of(EQUAL));
  }

  // percentile_disc is the value at a place, as Windrow defines a percentile; percentile_cont,
  // which costs
  // the same, lies between two values, which are far apart where there are few.
  private static Question p95(Span span) {
    return new Question(
        "p95",
        "95th percentile of all values, 30 whole days",
        Summaries.request(Summaries.of(span, Summaries.percentile(95))),
        new BoundSql(
            """
            SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY value)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            """,
            span.parameters()),
        Optional.empty(),
        List.of(PERCENTILE));
  }

  private static Question p95BySource(Span span) {
    return new Question(
        "p95-by-source",
        "95th percentile by source, 30 days, unaligned",
        Summaries.request(Summaries.of(span, Summaries.percentile(95)).addGroupBy("source")),
        new BoundSql(
            """
            SELECT source, percentile_disc(0.95) WITHIN GROUP (ORDER BY value)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY source
            """,
            span.parameters()),
        Optional.empty(),
        List.of(PERCENTILE));
  }

  private static Question topEntities(Span span) {
    return new Question(
        "top-10-entities",
        "the 10 entities with most events, 30 whole days",
        Summaries.request(
            Summaries.of(span, Summaries.metric(Measure.MEASURE_COUNT))
                .addGroupBy("entity_id")
                .setOrderBy("count desc, entity_id")
                .setLimit(10)),
        new BoundSql(
            """
            SELECT entity_id, count(*)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY entity_id ORDER BY count(*) DESC, entity_id LIMIT 10
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT entity_id, sum(events)
                FROM hand_entity_day WHERE start_at >= :from AND start_at < :to
                GROUP BY entity_id ORDER BY sum(events) DESC, entity_id LIMIT 10
                """,
                span.parameters())),
        List.of(EQUAL));
  }

  private static Question hourly(Span span) {
    return new Question(
        "hourly-7-days",
        "count and mean by hour, 7 days, unaligned",
        Summaries.request(
            Summaries.of(
                    span,
                    Summaries.metric(Measure.MEASURE_COUNT),
                    Summaries.metric(Measure.MEASURE_AVG))
                .setInterval(Interval.INTERVAL_HOUR)),
        new BoundSql(
            """
            SELECT date_trunc('hour', occurred_at, 'UTC') AS hour, count(*), avg(value)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY hour ORDER BY hour
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT date_trunc('hour', start_at, 'UTC') AS hour, sum(events), sum(value_sum) / sum(value_count)
                FROM (%s) AS parts
                GROUP BY hour ORDER BY hour
                """
                    .formatted(HandRollups.parts(HandRollups.SOURCE, Grain.HOUR)),
                span.parameters())),
        List.of(EQUAL, ROUNDED));
  }

  private static Question distinctEntities(Span span) {
    return new Question(
        "distinct-entities-by-day",
        "distinct entities by day, 30 whole days",
        Summaries.request(
            Summaries.of(span, Summaries.metric(Measure.MEASURE_DISTINCT_ENTITIES))
                .setInterval(Interval.INTERVAL_DAY)),
        new BoundSql(
            """
            SELECT date_trunc('day', occurred_at, 'UTC') AS day, count(DISTINCT entity_id)
            FROM plain_events WHERE occurred_at >= :from AND occurred_at < :to
            GROUP BY day ORDER BY day
            """,
            span.parameters()),
        Optional.of(
            new BoundSql(
                """
                SELECT start_at, count(*) FROM hand_entity_day
                WHERE start_at >= :from AND start_at < :to
                GROUP BY start_at ORDER BY start_at
                """,
                span.parameters())),
        List.of(DISTINCT));
  }
}
