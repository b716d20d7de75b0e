package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.Density;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.rollup.Slot;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The spans of one rollup and day in which its finer buckets are not kept. */
final class CoarseSpans {
  private final RollupDefinition rollup;
  private final boolean wholeDay;
  private final Set<Long> hours = new HashSet<>();

  /** A span: an hour or a day. */
  record Span(int rollupId, Grain grain, long startMicros) {}

  /**
   * @param spans of the day, of any rollup
   */
  CoarseSpans(RollupDefinition rollup, Collection<Span> spans) {
    this.rollup = rollup;
    boolean day = false;
    for (Span span : spans) {
      if (span.rollupId() == rollup.id() && rollup.grains().contains(span.grain())) {
        day |= span.grain() == Grain.DAY;
        if (span.grain() == Grain.HOUR) {
          hours.add(span.startMicros());
        }
      }
    }
    wholeDay = day;
  }

  /** Which grain an event is folded at. */
  Density density() {
    return hours.isEmpty() || wholeDay ? Density.kept(finestAt(0)) : this::finestAt;
  }

  /** Whether buckets of this grain are kept there. */
  boolean keeps(Grain grain, long startMicros) {
    return grain.compareTo(finestAt(startMicros)) >= 0;
  }

  /** These buckets, but for those that are not kept. */
  Map<Slot, Aggregate> without(Map<Slot, Aggregate> buckets) {
    if (hours.isEmpty() && !wholeDay) {
      return buckets;
    }
    Map<Slot, Aggregate> kept = new LinkedHashMap<>();
    buckets.forEach(
        (slot, aggregate) -> {
          if (keeps(slot.grain(), slot.startMicros())) {
            kept.put(slot, aggregate);
          }
        });
    return kept;
  }

  private Grain finestAt(long micros) {
    if (wholeDay) {
      return Grain.DAY;
    }
    return hours.contains(Grain.HOUR.floor(micros)) ? Grain.HOUR : rollup.finest();
  }
}
