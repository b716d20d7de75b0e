package dev.windrow.query.question;

import java.math.BigDecimal;

/**
 * One thing to compute.
 *
 * @param percent of a percentile: which, from 0 to 100; otherwise 0
 * @param status of a status share: which; otherwise empty
 */
public record Metric(Measure measure, BigDecimal percent, String status) {
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  public Metric {
    if (percent.signum() < 0 || percent.compareTo(HUNDRED) > 0) {
      throw new IllegalArgumentException("percentile: must be from 0 to 100, got " + percent);
    }
    if (measure == Measure.STATUS_SHARE && status.isEmpty()) {
      throw new IllegalArgumentException("status: a status share needs one");
    }
    percent = percent.signum() == 0 ? BigDecimal.ZERO : percent.stripTrailingZeros();
  }

  /** A measure that needs nothing else. */
  public static Metric of(Measure measure) {
    return new Metric(measure, BigDecimal.ZERO, "");
  }

  public static Metric percentile(double percent) {
    return new Metric(Measure.PERCENTILE, BigDecimal.valueOf(percent), "");
  }

  public static Metric statusShare(String status) {
    return new Metric(Measure.STATUS_SHARE, BigDecimal.ZERO, status);
  }

  /** What an answer calls it. */
  public String name() {
    return switch (measure) {
      case PERCENTILE -> measure.word() + percent.toPlainString();
      case STATUS_SHARE -> measure.word() + "(" + status + ")";
      default -> measure.word();
    };
  }

  /** The percentile as a part of one, without the error that dividing a double would bring. */
  public double fraction() {
    return percent.movePointLeft(2).doubleValue();
  }
}
