package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Grain;
import java.util.List;
import java.util.Map;

/**
 * How a rollup's day compares with its events.
 *
 * @param events that were folded
 * @param unfoldedEvents that were left out, because they are the delta themselves
 * @param compared rows, stored or expected, by grain; a grain that has none is left out
 * @param differing how many rows are not what the events say
 * @param first the first of them
 * @param incomplete how many rows do not know their newest event, or their sum of squares, because
 *     they are from before these were kept: not wrong, and known after a replacement
 */
public record Findings(
    long events,
    long unfoldedEvents,
    Map<Grain, Long> compared,
    long differing,
    List<Difference> first,
    long incomplete) {
  public Findings {
    compared = Map.copyOf(compared);
    first = List.copyOf(first);
  }

  /** Rows of all grains. */
  public long comparedRows() {
    return compared.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether a replacement would change anything. */
  public boolean isWhole() {
    return differing == 0 && incomplete == 0;
  }
}
