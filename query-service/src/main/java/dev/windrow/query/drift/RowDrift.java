package dev.windrow.query.drift;

import dev.windrow.query.answer.Value;
import java.util.List;

/**
 * A row that differs, or that one side does not have.
 *
 * @param ours the metrics here; empty if it is missing here
 * @param theirs the metrics there; empty if it is missing there
 * @param differences of the metrics that differ, in their order; empty if it is missing on a side
 */
public record RowDrift(
    RowKey key, List<Value> ours, List<Value> theirs, List<Difference> differences) {

  /**
   * Of a metric.
   *
   * @param metric its index
   * @param value ours minus theirs; absent if one of them is no finite number
   */
  public record Difference(int metric, Value value) {}

  public RowDrift {
    ours = List.copyOf(ours);
    theirs = List.copyOf(theirs);
    differences = List.copyOf(differences);
  }

  static RowDrift missingHere(RowKey key, List<Value> theirs) {
    return new RowDrift(key, List.of(), theirs, List.of());
  }

  static RowDrift missingThere(RowKey key, List<Value> ours) {
    return new RowDrift(key, ours, List.of(), List.of());
  }

  /** Whether only the other side has it. */
  public boolean isMissingHere() {
    return ours.isEmpty();
  }

  /** Whether only this side has it. */
  public boolean isMissingThere() {
    return theirs.isEmpty();
  }
}
