package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is rebuilt, and what a snapshot says of it.
 *
 * @param from the beginning of the day
 * @param to the beginning of the next one
 * @param grains whose buckets of the day are kept
 * @param spans the coarse spans of the day
 * @param unfolded by batch, the rollups into which it is not folded
 */
record DayScope(
    Instant from,
    Instant to,
    List<RollupDefinition> rollups,
    Set<Grain> grains,
    List<CoarseSpans.Span> spans,
    Map<Long, Set<Integer>> unfolded) {
  DayScope {
    rollups = List.copyOf(rollups);
    grains = Set.copyOf(grains);
    spans = List.copyOf(spans);
  }

  /** The names of the attributes among the dimensions. */
  List<String> attributes() {
    return rollups.stream()
        .map(RollupDefinition::dimensions)
        .flatMap(Collection::stream)
        .filter(Dimension::isAttribute)
        .map(Dimension::attributeName)
        .distinct()
        .toList();
  }

  CoarseSpans spansOf(RollupDefinition rollup) {
    return new CoarseSpans(rollup, spans);
  }
}
