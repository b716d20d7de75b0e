package dev.windrow.ingest.retention;

import dev.windrow.rollup.Dimension;
import java.util.List;

/**
 * A rollup that questions are answered from, or will be once it is built.
 *
 * @param coarsest the code of its coarsest grain, whose buckets are kept wherever the rollup is
 */
record ActiveRollup(
    int tenantId, int rollupId, String name, List<Dimension> dimensions, short coarsest) {
  ActiveRollup {
    dimensions = List.copyOf(dimensions);
  }
}
