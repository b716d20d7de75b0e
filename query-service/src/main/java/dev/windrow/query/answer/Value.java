package dev.windrow.query.answer;

import java.math.BigInteger;
import java.util.List;

/** The value of a metric in a row. */
public sealed interface Value {
  /** There is none. */
  record Absent() implements Value {}

  /** A count, or an exact sum of any size. */
  record Whole(BigInteger number) implements Value {}

  /** A real number. */
  record Real(double number) implements Value {}

  /** How many values each bucket of a histogram has. */
  record Counts(List<Long> counts) implements Value {
    public Counts {
      counts = List.copyOf(counts);
    }
  }

  Value ABSENT = new Absent();

  static Value of(long number) {
    return new Whole(BigInteger.valueOf(number));
  }
}
