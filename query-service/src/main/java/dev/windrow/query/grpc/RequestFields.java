package dev.windrow.query.grpc;

import com.google.protobuf.Timestamp;
import dev.windrow.query.filter.Filter;
import dev.windrow.query.filter.FilterException;
import dev.windrow.query.filter.FilterParser;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import java.time.Instant;
import java.util.List;

/** The fields that several requests have, validated. */
public final class RequestFields {
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
  private static final int NANOS_PER_SECOND = 1_000_000_000;
  private static final long MICROS_PER_SECOND = 1_000_000;

  private RequestFields() {}

  static WindrowException invalid(String field, String rule) {
    return Failure.invalid(field, rule).toException();
  }

  /** The error also tells programs what is allowed. */
  static WindrowException notAllowed(String field, String rule, List<String> allowed) {
    String all = String.join(",", allowed);
    return Failure.invalid(field, rule + " " + all).with("allowed", all).toException();
  }

  static TimeRange window(boolean present, TimeWindow window) {
    return window("window", present, window);
  }

  /**
   * A window, required.
   *
   * @throws WindrowException INVALID_ARGUMENT, naming field and rule
   */
  public static TimeRange window(String field, boolean present, TimeWindow window) {
    if (!present) {
      throw invalid(field, "is required");
    }
    long from = micros(field + ".start_time", window.hasStartTime(), window.getStartTime());
    long to = micros(field + ".end_time", window.hasEndTime(), window.getEndTime());
    if (to < from) {
      throw invalid(field + ".end_time", "must not be before start_time");
    }
    return new TimeRange(from, to);
  }

  /** The stretch of the same length that ends where a window begins. */
  static TimeRange before(String field, TimeRange window) {
    long from = window.fromMicros() - window.lengthMicros();
    if (from < FIRST_SECOND * MICROS_PER_SECOND) {
      throw invalid(field, "the stretch before would begin before the year 1");
    }
    return new TimeRange(from, window.fromMicros());
  }

  static Filter filter(String text) {
    try {
      return FilterParser.parse(text);
    } catch (FilterException e) {
      String position = Integer.toString(e.position());
      throw Failure.invalid("filter", e.rule()).with("position", position).toException();
    }
  }

  /** Text that PostgreSQL can hold: no event has any other. */
  public static String storable(String field, String text) {
    if (text.indexOf('\0') >= 0) {
      throw invalid(field, "must not contain U+0000");
    }
    return text;
  }

  private static long micros(String field, boolean present, Timestamp time) {
    if (!present) {
      throw invalid(field, "is required");
    }
    long seconds = time.getSeconds();
    int nanos = time.getNanos();
    if (seconds < FIRST_SECOND || seconds > LAST_SECOND) {
      throw invalid(field, "must be between the years 1 and 9999");
    }
    if (nanos < 0 || nanos >= NANOS_PER_SECOND) {
      throw invalid(field, "nanos must be from 0 to 999,999,999, got " + nanos);
    }
    return seconds * MICROS_PER_SECOND + nanos / 1000;
  }
}
