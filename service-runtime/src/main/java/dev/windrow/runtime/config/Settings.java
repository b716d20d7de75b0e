package dev.windrow.runtime.config;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads the settings of one process. Every getter declares its key; {@link #check} then reports all
 * problems at once, unknown {@code WINDROW_*} keys among them. Not for several threads.
 */
public final class Settings {
  private static final String PREFIX = "WINDROW_";
  // Longer ones would leave the calendar when added to a time, and nobody means them.
  private static final Duration LONGEST = Duration.ofDays(73_050);

  private final Map<String, String> environment;
  private final Map<String, String> defaults = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();

  public Settings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
    // Read by the logging configuration.
    text("WINDROW_LOG_LEVEL", "INFO");
  }

  /** A text; an empty one counts as absent. */
  public String text(String key, String otherwise) {
    return read(key, otherwise, otherwise, value -> value);
  }

  /** A whole number from {@code min} to {@code max}. */
  public int integer(String key, int otherwise, int min, int max) {
    return Math.toIntExact(number(key, otherwise, min, max));
  }

  /** A whole number from {@code min} to {@code max}. */
  public long number(String key, long otherwise, long min, long max) {
    return read(
        key,
        otherwise,
        Long.toString(otherwise),
        value -> {
          long number = Long.parseLong(value);
          if (number < min || number > max) {
            throw new IllegalArgumentException();
          }
          return number;
        },
        "must be a whole number from " + min + " to " + max);
  }

  /** A duration in ISO-8601 form, e.g. {@code PT0.5S} or {@code P30D}, up to 200 years. */
  public Duration duration(String key, Duration otherwise) {
    return duration(key, otherwise, Duration.ZERO);
  }

  /** A duration as {@link #duration(String, Duration)}, but not shorter than {@code shortest}. */
  public Duration duration(String key, Duration otherwise, Duration shortest) {
    return read(
        key,
        otherwise,
        otherwise.toString(),
        value -> {
          try {
            Duration duration = Duration.parse(value);
            if (duration.compareTo(shortest) < 0 || duration.compareTo(LONGEST) > 0) {
              throw new IllegalArgumentException();
            }
            return duration;
          } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(e);
          }
        },
        "must be an ISO-8601 duration such as PT5S or P30D, from " + shortest + " to 200 years");
  }

  /** Holds against a setting that was read that it does not go with another. */
  public void refuse(String key, String rule, Object value) {
    problems.add(key + ": " + rule + ", got " + value);
  }

  /** The keys read so far with their defaults, in order. */
  public Map<String, String> declared() {
    return Collections.unmodifiableMap(defaults);
  }

  /**
   * Ends the reading.
   *
   * @throws InvalidSettingsException naming every problem in one line
   */
  public void check() {
    List<String> all = new ArrayList<>(problems);
    for (String key : new TreeSet<>(environment.keySet())) {
      if (key.startsWith(PREFIX) && !defaults.containsKey(key)) {
        all.add(key + ": is not a setting of this service");
      }
    }
    if (!all.isEmpty()) {
      throw new InvalidSettingsException(String.join("; ", all));
    }
  }

  private <T> T read(String key, T otherwise, String shown, Function<String, T> parse) {
    return read(key, otherwise, shown, parse, "is not valid");
  }

  private <T> T read(
      String key, T otherwise, String shown, Function<String, T> parse, String rule) {
    defaults.put(key, shown);
    String value = environment.get(key);
    if (value == null || value.isEmpty()) {
      return otherwise;
    }
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      problems.add(key + ": " + rule + ", got " + value);
      return otherwise;
    }
  }
}
