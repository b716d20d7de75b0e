package dev.windrow.query.health;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.ExactRatio;
import dev.windrow.query.answer.Value;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The checks of an entity on a UTC day, at least one.
 *
 * @param dayMicros when the day begins
 * @param incidents longest possible runs of failed checks that touch the day
 * @param latencySum the exact sum of the values of passed checks
 * @param latencyCount how many of those have one
 * @param latencyP95 the value at place ceil(0.95 n) of them; empty if there is none
 */
record DayOfChecks(
    long dayMicros,
    String entityId,
    long checks,
    long passed,
    long incidents,
    BigDecimal latencySum,
    long latencyCount,
    OptionalDouble latencyP95) {

  /** The values in the order of {@link HealthColumns}. */
  AnswerRow toRow(TimeRange window) {
    TimeRange day = new TimeRange(dayMicros, dayMicros + Grain.DAY.micros());
    return new AnswerRow(
        window.intersect(day),
        RollupKey.of(entityId),
        List.of(
            whole(checks),
            whole(passed),
            ratio(BigDecimal.valueOf(passed), checks),
            ratio(latencySum, latencyCount),
            latencyP95.isPresent() ? new Value.Real(latencyP95.getAsDouble()) : Value.ABSENT,
            whole(incidents)),
        true,
        Optional.empty());
  }

  private static Value whole(long number) {
    return new Value.Whole(BigInteger.valueOf(number));
  }

  private static Value ratio(BigDecimal sum, long count) {
    return count == 0
        ? Value.ABSENT
        : new Value.Real(ExactRatio.of(sum, BigDecimal.valueOf(count)));
  }
}
