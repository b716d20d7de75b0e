package dev.windrow.query.plan;

import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * What a plan must know of the catalog besides the rollups. It follows the shape of the question,
 * not the length of its window: a coarse span, whose grain is one of its rollup's, matters only
 * where finer buckets would be read.
 *
 * @param window in which it matters what is not folded
 * @param hours in which coarse hours matter: whole ones, disjoint, ascending; likewise {@code days}
 */
public record CatalogScope(TimeRange window, List<TimeRange> hours, List<TimeRange> days) {
  private static final CatalogScope NONE =
      new CatalogScope(new TimeRange(0, 0), List.of(), List.of());

  public CatalogScope {
    hours = List.copyOf(hours);
    days = List.copyOf(days);
  }

  /** Nothing; for those who make no plan. */
  public static CatalogScope none() {
    return NONE;
  }

  /**
   * For {@link Planner#choose}. It reads finer buckets of an hour or a day only if that does not
   * lie in one interval as a whole, so those in which an interval begins or ends are enough.
   */
  public static CatalogScope ofPlan(Question question) {
    return ofPlan(question, Disturbance.none());
  }

  /** Likewise, as of an earlier snapshot: then a disturbed stretch begins or ends in some, too. */
  public static CatalogScope ofPlan(Question question, Disturbance disturbance) {
    if (question.window().isEmpty()) {
      return NONE;
    }
    long[] boundaries =
        LongStream.concat(
                boundaries(question.intervals()),
                disturbance.within(question.window()).stream()
                    .flatMapToLong(
                        stretch -> LongStream.of(stretch.fromMicros(), stretch.toMicros())))
            .sorted()
            .toArray();
    return new CatalogScope(
        question.window(), cut(Grain.HOUR, boundaries), cut(Grain.DAY, boundaries));
  }

  /** For {@link Planner#legalPlans}, which may leave the coarser grains unused. */
  public static CatalogScope ofLegalPlans(Question question) {
    TimeRange window = question.window();
    return window.isEmpty()
        ? NONE
        : new CatalogScope(
            window, List.of(whole(Grain.HOUR, window)), List.of(whole(Grain.DAY, window)));
  }

  private static LongStream boundaries(Intervals intervals) {
    long end = intervals.range(intervals.count() - 1).toMicros();
    return LongStream.concat(LongStream.of(intervals.starts()), LongStream.of(end));
  }

  /** Of ascending instants. */
  private static List<TimeRange> cut(Grain grain, long[] boundaries) {
    List<TimeRange> cut = new ArrayList<>();
    for (long boundary : boundaries) {
      addCut(cut, grain, boundary);
    }
    return cut;
  }

  private static void addCut(List<TimeRange> cut, Grain grain, long boundary) {
    long from = grain.floor(boundary);
    long to = grain.ceil(boundary);
    int last = cut.size() - 1;
    if (last >= 0 && cut.get(last).toMicros() >= from) {
      cut.set(last, new TimeRange(cut.get(last).fromMicros(), to));
    } else if (from < to) {
      cut.add(new TimeRange(from, to));
    }
  }

  private static TimeRange whole(Grain grain, TimeRange window) {
    return new TimeRange(grain.floor(window.fromMicros()), grain.ceil(window.toMicros()));
  }
}
