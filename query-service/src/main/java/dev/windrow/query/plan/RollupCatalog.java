package dev.windrow.query.plan;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.RollupDefinition;
import java.util.Collection;
import java.util.List;

/** The rollups that may answer questions of one tenant, and what is kept, as of one snapshot. */
public record RollupCatalog(List<ActiveRollup> active, Horizons horizons) {
  public RollupCatalog {
    active = List.copyOf(active);
  }

  /** Of a store that keeps everything. */
  public RollupCatalog(List<ActiveRollup> active) {
    this(active, Horizons.none());
  }

  /** The same rollups, of a store that keeps so much. */
  public RollupCatalog kept(Horizons since) {
    return new RollupCatalog(active, since);
  }

  /** Without any rollup. */
  public RollupCatalog eventsOnly() {
    return new RollupCatalog(List.of(), horizons);
  }

  /** What is declared. */
  public List<RollupDefinition> definitions() {
    return active.stream().map(ActiveRollup::definition).toList();
  }

  /** Those that have all of these dimensions. */
  List<ActiveRollup> covering(Collection<Dimension> needed) {
    return active.stream().filter(rollup -> rollup.definition().covers(needed)).toList();
  }

  /** Those of these dimensions that no rollup has. */
  List<Dimension> unknown(Collection<Dimension> needed) {
    return needed.stream()
        .filter(
            dimension ->
                active.stream().noneMatch(rollup -> rollup.definition().indexOf(dimension) >= 0))
        .toList();
  }
}
