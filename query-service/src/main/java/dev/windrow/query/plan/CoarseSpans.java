package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a rollup does not keep its finer buckets. Within such an hour there are no minutes to rely
 * on, within such a day neither minutes nor hours: those that are stored may be what was left when
 * the span was added, and miss what came later.
 *
 * @param withoutMinutes disjoint and ascending; likewise {@code withoutHours}
 */
public record CoarseSpans(List<TimeRange> withoutMinutes, List<TimeRange> withoutHours) {
  private static final CoarseSpans NONE = new CoarseSpans(List.of(), List.of());

  public CoarseSpans {
    withoutMinutes = List.copyOf(withoutMinutes);
    withoutHours = List.copyOf(withoutHours);
  }

  /** Every bucket is kept. */
  public static CoarseSpans none() {
    return NONE;
  }

  /** The spans of these hours and days, by their starts. */
  public static CoarseSpans of(List<Long> hours, List<Long> days) {
    List<TimeRange> daySlots = slots(Grain.DAY, days).toList();
    return new CoarseSpans(
        joined(Stream.concat(slots(Grain.HOUR, hours), daySlots.stream())),
        joined(daySlots.stream()));
  }

  /**
   * The first part of a range in which buckets of this grain are not to be relied on; an empty one
   * at its end if there is none.
   */
  TimeRange firstWithout(Grain grain, TimeRange range) {
    List<TimeRange> without =
        switch (grain) {
          case MINUTE -> withoutMinutes;
          case HOUR -> withoutHours;
          case DAY -> List.of();
        };
    int next = firstEndingAfter(without, range.fromMicros());
    TimeRange end = new TimeRange(range.toMicros(), range.toMicros());
    if (next == without.size() || without.get(next).fromMicros() >= range.toMicros()) {
      return end;
    }
    return without.get(next).intersect(range);
  }

  private static int firstEndingAfter(List<TimeRange> ranges, long micros) {
    int low = 0;
    int high = ranges.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ranges.get(middle).toMicros() > micros) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static Stream<TimeRange> slots(Grain grain, List<Long> starts) {
    return starts.stream().map(start -> new TimeRange(start, start + grain.micros()));
  }

  private static List<TimeRange> joined(Stream<TimeRange> slots) {
    List<TimeRange> joined = new ArrayList<>();
    slots
        .sorted((a, b) -> Long.compare(a.fromMicros(), b.fromMicros()))
        .forEach(slot -> join(joined, slot));
    return joined;
  }

  private static void join(List<TimeRange> joined, TimeRange slot) {
    int last = joined.size() - 1;
    if (last >= 0 && joined.get(last).toMicros() >= slot.fromMicros()) {
      TimeRange before = joined.get(last);
      long to = Math.max(before.toMicros(), slot.toMicros());
      joined.set(last, new TimeRange(before.fromMicros(), to));
    } else {
      joined.add(slot);
    }
  }
}
