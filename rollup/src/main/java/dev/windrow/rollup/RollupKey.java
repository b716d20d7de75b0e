package dev.windrow.rollup;

import java.util.Arrays;
import java.util.List;

/**
 * The values of a rollup's dimensions, in the order of its definition; the empty string where an
 * event has no such attribute. Ordered by size, then value by value as strings.
 */
public final class RollupKey implements Comparable<RollupKey> {
  private final String[] values;
  private final int hash;

  private RollupKey(String[] values) {
    this.values = values;
    this.hash = Arrays.hashCode(values);
  }

  public static RollupKey of(String... values) {
    return owning(values.clone());
  }

  public static RollupKey of(List<String> values) {
    return owning(values.toArray(String[]::new));
  }

  /** Takes the array itself: nobody may write to it afterwards. */
  static RollupKey owning(String[] values) {
    for (String value : values) {
      if (value == null) {
        throw new NullPointerException(
            "key: values must not be null, got " + Arrays.toString(values));
      }
    }
    return new RollupKey(values);
  }

  public int size() {
    return values.length;
  }

  public String get(int index) {
    return values[index];
  }

  public List<String> values() {
    return List.of(values);
  }

  @Override
  public int compareTo(RollupKey other) {
    return values.length != other.values.length
        ? Integer.compare(values.length, other.values.length)
        : Arrays.compare(values, other.values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RollupKey that
        && hash == that.hash
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(values);
  }
}
