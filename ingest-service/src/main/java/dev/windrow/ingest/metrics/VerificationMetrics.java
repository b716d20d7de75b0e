package dev.windrow.ingest.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the verification of days has found. What is told of all days is not known before it was read
 * for the first time. Told by one round at a time, and read by whoever asks for metrics.
 */
public final class VerificationMetrics {
  private final MeterRegistry registry;
  private final Timer verifications;
  private volatile @Nullable Found found;

  /**
   * Of all days together, as of when each was verified last.
   *
   * @param adriftDays with rows that are not what their events say
   * @param driftRows such rows
   * @param incompleteRows that do not know all that their events tell
   * @param verifiedDays that were verified at all
   * @param unverifiedDays that were not
   * @param lag since the one was verified that was verified longest ago
   * @param newest when a day was verified last; the epoch for never
   */
  public record Found(
      long adriftDays,
      long driftRows,
      long incompleteRows,
      long verifiedDays,
      long unverifiedDays,
      Duration lag,
      Instant newest) {}

  VerificationMetrics(MeterRegistry registry) {
    this.registry = registry;
    verifications =
        Timer.builder(MetricNames.VERIFICATION)
            .description("Days that this replica has verified, and how long it took")
            .register(registry);
    for (String miss : new String[] {"too_large", "timed_out", "failed"}) {
      misses(miss);
    }
    gauge(
        MetricNames.DRIFT_ROWS,
        "Rows that were not what their events say when their day was verified last; must be 0",
        now -> now.driftRows);
    gauge(MetricNames.DRIFT_DAYS, "Days that have such rows; must be 0", now -> now.adriftDays);
    gauge(
        MetricNames.INCOMPLETE_ROWS,
        "Rows from before newest events or sums of squares were kept",
        now -> now.incompleteRows);
    gauge(
        MetricNames.VERIFIED_DAYS,
        "Days that were verified and have their events",
        now -> now.verifiedDays);
    gauge(
        MetricNames.UNVERIFIED_DAYS,
        "Days that have their events and were never verified",
        now -> now.unverifiedDays);
    Gauge.builder(MetricNames.VERIFICATION_LAG, this, now -> now.of(all -> seconds(all.lag)))
        .description("How long ago the day was verified that was verified longest ago")
        .baseUnit(MetricNames.SECONDS)
        .register(registry);
    Gauge.builder(
            MetricNames.VERIFICATION_LAST_SUCCESS,
            this,
            now -> now.of(all -> all.newest.toEpochMilli() / 1_000.0))
        .description("When any replica has verified a day last; 0 for never")
        .baseUnit(MetricNames.SECONDS)
        .register(registry);
  }

  /** This replica has verified a day. */
  public void verified(Duration took) {
    verifications.record(took);
  }

  /**
   * It was a day's turn, and it was not verified.
   *
   * @param reason one of those declared above
   */
  public void missed(String reason) {
    misses(reason).increment();
  }

  /** What is known of all days. */
  public void found(Found all) {
    found = all;
  }

  private Counter misses(String reason) {
    return Counter.builder(MetricNames.VERIFICATION_MISSES)
        .description("Times that a day was not verified when it was its turn")
        .tag(MetricNames.REASON, reason)
        .register(registry);
  }

  private void gauge(String name, String description, ToDoubleFunction<Found> value) {
    Gauge.builder(name, this, now -> now.of(value)).description(description).register(registry);
  }

  private double of(ToDoubleFunction<Found> value) {
    Found all = found;
    return all == null ? Double.NaN : value.applyAsDouble(all);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1_000.0;
  }
}
