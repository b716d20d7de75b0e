package dev.windrow.query.answer;

import java.math.BigInteger;

/** The value of a metric in a row. */
public sealed interface Value {
  /** There is none. */
  record Absent() implements Value {}

  /** A count, or an exact sum of any size. */
  record Whole(BigInteger number) implements Value {}

  /** A real number. */
  record Real(double number) implements Value {}

  Value ABSENT = new Absent();

  static Value of(long number) {
    return new Whole(BigInteger.valueOf(number));
  }
}
