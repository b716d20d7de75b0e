package dev.windrow.query.question;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * One thing to compute.
 *
 * @param percent of a percentile: which, from 0 to 100; otherwise 0
 * @param statuses of a status share: any of these; otherwise empty
 * @param bounds of a histogram: where its buckets meet, ascending; otherwise empty
 * @param definition its name in the catalogue; empty if it has none
 * @param version of the definition; 0 if there is none
 */
public record Metric(
    Measure measure,
    BigDecimal percent,
    List<String> statuses,
    List<Double> bounds,
    String definition,
    int version) {
  public static final int MAX_BOUNDS = 100;
  public static final int MAX_STATUSES = 20;

  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public Metric {
    if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
      throw new IllegalArgumentException("percentile: must be from 0 to 100, got " + percent);
    }
    statuses = List.copyOf(statuses);
    if (measure == Measure.STATUS_SHARE && !areStatuses(statuses)) {
      throw new IllegalArgumentException("statuses: must be 1 to 20, each once, got " + statuses);
    }
    bounds = List.copyOf(bounds);
    if (measure == Measure.HISTOGRAM && !areBounds(bounds)) {
      throw new IllegalArgumentException(
          "bounds: must be 1 to 100 finite numbers, each greater than the last, got " + bounds);
    }
    percent = percent.signum() == 0 ? BigDecimal.ZERO : percent.stripTrailingZeros();
  }

  /** A measure that needs nothing else. */
  public static Metric of(Measure measure) {
    return new Metric(measure, BigDecimal.ZERO, List.of(), List.of(), "", 0);
  }

  public static Metric percentile(double percent) {
    return new Metric(Measure.PERCENTILE, BigDecimal.valueOf(percent), List.of(), List.of(), "", 0);
  }

  public static Metric statusShare(List<String> statuses) {
    return new Metric(Measure.STATUS_SHARE, BigDecimal.ZERO, statuses, List.of(), "", 0);
  }

  public static Metric histogram(List<Double> bounds) {
    return new Metric(Measure.HISTOGRAM, BigDecimal.ZERO, List.of(), bounds, "", 0);
  }

  /** Whether a status share may be of these. */
  public static boolean areStatuses(List<String> statuses) {
    return !statuses.isEmpty()
        && statuses.size() <= MAX_STATUSES
        && Set.copyOf(statuses).size() == statuses.size();
  }

  /** Whether a histogram may have these bounds. */
  public static boolean areBounds(List<Double> bounds) {
    for (int i = 0; i < bounds.size(); i++) {
      // Written so that NaN is refused.
      if (!Double.isFinite(bounds.get(i)) || (i > 0 && !(bounds.get(i - 1) < bounds.get(i)))) {
        return false;
      }
    }
    return !bounds.isEmpty() && bounds.size() <= MAX_BOUNDS;
  }

  /** The same, by the name of a definition. */
  public Metric defined(String name, int ofVersion) {
    return new Metric(measure, percent, statuses, bounds, name, ofVersion);
  }

  /** What an answer calls it. */
  public String name() {
    if (!definition.isEmpty()) {
      return definition;
    }
    return switch (measure) {
      case PERCENTILE -> measure.word() + percent.toPlainString();
      case STATUS_SHARE -> measure.word() + "(" + String.join(",", statuses) + ")";
      default -> measure.word();
    };
  }

  /** The percentile as a part of one, without the error that dividing a double would bring. */
  public double fraction() {
    return percent.movePointLeft(2).doubleValue();
  }
}
