package dev.windrow.query.drift;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a comparison has found.
 *
 * @param equal how many rows are
 * @param rows that differ or are missing on a side, in order
 * @param metrics each, in their order
 */
public record Drift(long equal, List<RowDrift> rows, List<MetricDrift> metrics) {
  public Drift {
    rows = List.copyOf(rows);
    metrics = List.copyOf(metrics);
  }

  /** How many rows at least one side has. */
  public long compared() {
    return equal + rows.size();
  }

  public long missingHere() {
    return rows.stream().filter(RowDrift::isMissingHere).count();
  }

  public long missingThere() {
    return rows.stream().filter(RowDrift::isMissingThere).count();
  }

  /** How many rows both sides have, that differ. */
  public long differing() {
    return rows.size() - missingHere() - missingThere();
  }

  /** Whether more than this share of all rows differ or are missing. */
  public boolean exceeds(BigDecimal share) {
    BigDecimal allowed = share.multiply(BigDecimal.valueOf(compared()));
    return BigDecimal.valueOf(rows.size()).compareTo(allowed) > 0;
  }
}
