package dev.windrow.query.plan;

import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;

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
    if (question.window().isEmpty()) {
      return NONE;
    }
    return new CatalogScope(
        question.window(),
        cut(Grain.HOUR, question.intervals()),
        cut(Grain.DAY, question.intervals()));
  }

  /** For {@link Planner#legalPlans}, which may leave the coarser grains unused. */
  public static CatalogScope ofLegalPlans(Question question) {
    TimeRange window = question.window();
    return window.isEmpty()
        ? NONE
        : new CatalogScope(
            window, List.of(whole(Grain.HOUR, window)), List.of(whole(Grain.DAY, window)));
  }

  private static List<TimeRange> cut(Grain grain, Intervals intervals) {
    List<TimeRange> cut = new ArrayList<>();
    for (int i = 0; i < intervals.count(); i++) {
      addCut(cut, grain, intervals.range(i).fromMicros());
    }
    addCut(cut, grain, intervals.range(intervals.count() - 1).toMicros());
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
