package dev.windrow.rollup;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/**
 * Counts of events that did not arrive as they should: by the time at which they happened, and by
 * what was the matter. They are kept as the rows of a rollup of their own, so that they are exact
 * in every snapshot and are compacted as all others are; but they are not aggregates of stored
 * events, and the rollup is in no catalogue.
 */
public final class Arrivals {
  /** Catalogued rollups have ids from 1. */
  public static final int ROLLUP_ID = 0;

  private static final RollupDefinition ROLLUP =
      new RollupDefinition(
          ROLLUP_ID, "arrivals", List.of(Dimension.STATUS), EnumSet.allOf(Grain.class));

  /** What was the matter. */
  public enum Kind {
    /** It was stored when its source had been declared complete beyond its time. */
    LATE,
    /** An event with its id and its content had been stored; this one was not. */
    DUPLICATE,
    /** It was not stored, because it broke a rule. */
    REJECTED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it is stored. */
    public String label() {
      return label;
    }

    /**
     * The kind with a label.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Kind parse(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  private Arrivals() {}

  /** What compaction needs to know of the rows. */
  public static RollupDefinition rollup() {
    return ROLLUP;
  }

  /** A row of so many. */
  public static AggregateRow row(Grain grain, long startMicros, Kind kind, long count) {
    return new AggregateRow(
        ROLLUP_ID,
        grain,
        startMicros,
        RollupKey.of(kind.label()),
        new Aggregate(
            count,
            0,
            BigDecimal.ZERO,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            BigInteger.ZERO,
            QuantileSketch.empty(),
            EntitySketch.empty(),
            null,
            null));
  }
}
