package dev.windrow.ingest.recompute;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * A stored row that is not what the events say. What is stored of it is its bucket and the deltas
 * that belong to the bucket, together.
 *
 * @param grain its name, or its number if no grain has it
 * @param key the values of the rollup's dimensions
 */
public record Difference(String grain, Instant start, List<String> key, List<Field> fields) {
  /** By grain, start and key. */
  static final Comparator<Difference> ORDER =
      Comparator.comparing(Difference::grain)
          .thenComparing(Difference::start)
          .thenComparing(difference -> difference.key().toString());

  public Difference {
    key = List.copyOf(key);
    fields = List.copyOf(fields);
  }

  /**
   * A column that differs.
   *
   * @param name of the column; {@code row} where a whole row is missing, too much, or cannot be
   *     read
   */
  public record Field(String name, String stored, String expected) {}
}
