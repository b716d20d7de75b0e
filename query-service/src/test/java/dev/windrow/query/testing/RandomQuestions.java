package dev.windrow.query.testing;

import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.TimeRange;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Questions about {@link RandomEvents}. */
public final class RandomQuestions {
  private static final long MINUTE = 60_000_000;
  // Too many of a long window.
  private static final Set<IntervalUnit> FINE = EnumSet.of(IntervalUnit.MINUTE, IntervalUnit.HOUR);
  private static final List<String> ZONES =
      List.of("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns");

  private RandomQuestions() {}

  public static Question of(Random random) {
    TimeRange window = window(random);
    return new Question(
        window,
        intervals(random, window),
        metrics(random),
        groupBy(random),
        FilterParser.parse(filter(random, 2)),
        List.of(),
        Question.MAX_LIMIT,
        true);
  }

  private static TimeRange window(Random random) {
    long a = RandomEvents.time(random);
    long b =
        switch (random.nextInt(4)) {
          case 0 -> a + random.nextInt(3) * MINUTE;
          case 1 -> a + (long) (random.nextDouble() * 120 * MINUTE);
          case 2 -> a + (long) (random.nextDouble() * RandomEvents.DAYS * RandomEvents.DAY);
          default -> RandomEvents.time(random);
        };
    return new TimeRange(Math.min(a, b), Math.max(a, b));
  }

  private static Intervals intervals(Random random, TimeRange window) {
    IntervalUnit[] units = IntervalUnit.values();
    IntervalUnit unit = units[random.nextInt(units.length)];
    if (window.lengthMicros() > 10 * RandomEvents.DAY && FINE.contains(unit)) {
      unit = IntervalUnit.QUARTER;
    }
    return Intervals.of(window, unit, ZoneId.of(ZONES.get(random.nextInt(ZONES.size()))));
  }

  private static List<Metric> metrics(Random random) {
    List<Metric> all =
        new ArrayList<>(
            List.of(
                Metric.of(Measure.COUNT),
                Metric.of(Measure.SUM),
                Metric.of(Measure.AVG),
                Metric.of(Measure.MIN),
                Metric.of(Measure.MAX),
                Metric.of(Measure.STDDEV),
                Metric.percentile(random.nextInt(101)),
                Metric.of(Measure.DISTINCT_ENTITIES),
                Metric.of(Measure.AMOUNT_SUM),
                Metric.of(Measure.RATE),
                Metric.statusShare(List.of("status-1")),
                Metric.statusShare(List.of("status-0", "")),
                Metric.histogram(bounds(random))));
    Collections.shuffle(all, random);
    return all.subList(0, 1 + random.nextInt(all.size()));
  }

  private static List<Double> bounds(Random random) {
    return random
        .doubles(1 + random.nextInt(12), -1_000, 1_000)
        // -0.0 and 0.0 are one bound.
        .map(bound -> random.nextBoolean() ? bound : Math.rint(bound / 100) + 0.0)
        .sorted()
        .distinct()
        .boxed()
        .toList();
  }

  private static List<Dimension> groupBy(Random random) {
    List<Dimension> all =
        new ArrayList<>(
            List.of(
                Dimension.TYPE,
                Dimension.SOURCE,
                Dimension.STATUS,
                Dimension.ENTITY_ID,
                Dimension.attribute("region")));
    Collections.shuffle(all, random);
    return all.subList(0, random.nextInt(4) == 0 ? random.nextInt(5) : random.nextInt(2));
  }

  private static String filter(Random random, int depth) {
    if (depth == 2 && random.nextInt(3) > 0) {
      return "";
    }
    return switch (random.nextInt(depth == 0 ? 6 : 9)) {
      case 0 -> "type = type-" + random.nextInt(3);
      case 1 -> "source != \"source-1\"";
      case 2 -> "status : (\"\", status-1)";
      case 3 -> "attributes.region = r" + random.nextInt(4);
      case 4 -> "entity_id = entity-" + random.nextInt(25);
      case 5 -> "entity_id : (" + entities(random) + ")";
      case 6 -> "(" + filter(random, 0) + " AND " + filter(random, depth - 1) + ")";
      case 7 -> "(" + filter(random, depth - 1) + " OR " + filter(random, 0) + ")";
      default -> "NOT " + filter(random, depth - 1);
    };
  }

  private static String entities(Random random) {
    return IntStream.rangeClosed(0, random.nextInt(20))
        .mapToObj(i -> "entity-" + random.nextInt(25))
        .collect(Collectors.joining(", "));
  }
}
