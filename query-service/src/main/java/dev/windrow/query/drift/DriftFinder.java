package dev.windrow.query.drift;

import dev.windrow.query.answer.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the rows of an answer, added one by one in any order, with those of another system. A
 * row that says nothing, because all of its values are 0 or absent, is equal to none: an answer has
 * no rows without events, and other systems often fill such gaps. One thread at a time.
 */
public final class DriftFinder {
  private final List<MetricTally> metrics;
  // Those that ours has not had yet.
  private final Map<RowKey, List<Value>> theirs;
  private final List<RowDrift> drifted = new ArrayList<>();
  private long equal;

  /**
   * Begins a comparison.
   *
   * @param theirs the values of each row, in the order of the metrics
   */
  public DriftFinder(List<ComparedMetric> metrics, Map<RowKey, List<Value>> theirs) {
    this.metrics = metrics.stream().map(MetricTally::new).toList();
    this.theirs = new HashMap<>(theirs);
    for (List<Value> row : theirs.values()) {
      check(row);
      for (int i = 0; i < row.size(); i++) {
        this.metrics.get(i).addTheirs(row.get(i));
      }
    }
  }

  /** A row of ours; each place once. */
  public void add(RowKey key, List<Value> ours) {
    check(ours);
    for (int i = 0; i < ours.size(); i++) {
      metrics.get(i).addOurs(ours.get(i));
    }
    List<Value> other = theirs.remove(key);
    if (other == null) {
      add(ours, RowDrift.missingThere(key, ours));
      return;
    }
    List<RowDrift.Difference> differences = differences(ours, other);
    if (differences.isEmpty()) {
      equal++;
    } else {
      drifted.add(new RowDrift(key, ours, other, differences));
    }
  }

  private List<RowDrift.Difference> differences(List<Value> ours, List<Value> other) {
    List<RowDrift.Difference> differences = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      Optional<Value> difference = metrics.get(i).compare(ours.get(i), other.get(i));
      if (difference.isPresent()) {
        differences.add(new RowDrift.Difference(i, difference.get()));
      }
    }
    return differences;
  }

  /** What was found, all rows of ours being added. */
  public Drift end() {
    theirs.forEach((key, values) -> add(values, RowDrift.missingHere(key, values)));
    theirs.clear();
    drifted.sort(Comparator.comparing(RowDrift::key));
    return new Drift(equal, drifted, metrics.stream().map(MetricTally::end).toList());
  }

  private void add(List<Value> values, RowDrift alone) {
    if (values.stream().allMatch(DriftFinder::saysNothing)) {
      equal++;
    } else {
      drifted.add(alone);
    }
  }

  private static boolean saysNothing(Value value) {
    return value instanceof Value.Absent
        || Numbers.of(value).filter(number -> number.signum() == 0).isPresent();
  }

  private void check(List<Value> row) {
    if (row.size() != metrics.size()) {
      throw new IllegalArgumentException(
          "row: must have " + metrics.size() + " values, got " + row.size());
    }
  }
}
