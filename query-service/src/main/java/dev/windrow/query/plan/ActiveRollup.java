package dev.windrow.query.plan;

import dev.windrow.rollup.RollupDefinition;
import java.util.List;

/**
 * A rollup that may answer, and what of it is not as usual, as far as a {@link CatalogScope} goes.
 *
 * @param unfolded of its live delta, the part that consists of events
 */
public record ActiveRollup(
    RollupDefinition definition, CoarseSpans coarse, List<UnfoldedBatch> unfolded) {
  public ActiveRollup {
    unfolded = List.copyOf(unfolded);
  }
}
