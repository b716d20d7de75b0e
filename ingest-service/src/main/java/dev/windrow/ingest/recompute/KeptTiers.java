package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Grain;
import java.util.Set;

/**
 * What retention has left of a day.
 *
 * @param events whether the day's events are all there
 * @param grains whose buckets of the day are
 */
record KeptTiers(boolean events, Set<Grain> grains) {
  KeptTiers {
    grains = Set.copyOf(grains);
  }
}
