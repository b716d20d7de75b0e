package dev.windrow.ingest.verification;

import dev.windrow.ingest.metrics.VerificationMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All days that can be verified, and whose turn it is. Days that nobody has looked at come first,
 * the newest before the others. Then it is the turn of the day that has waited longest for its
 * place: the n-th newest waits n times as long as the newest. So every day comes round, and recent
 * ones, where most is written, more often. A day that was found adrift comes as often as the
 * newest: once it is repaired, that is soon told.
 *
 * @param days the newest first
 * @param now by the database's clock
 */
record KnownDays(List<KnownDay> days, Instant now) {
  KnownDays {
    days = days.stream().sorted(Comparator.comparing(KnownDay::day).reversed()).toList();
  }

  /** The day to look at, if it is time to. */
  Optional<KnownDay> turn(VerificationSettings settings) {
    if (!isTime(settings)) {
      return Optional.empty();
    }
    // Of several that have waited for as long, the newest.
    return IntStream.range(0, days.size())
        .boxed()
        .max(Comparator.comparingDouble(this::patience).thenComparing(Comparator.reverseOrder()))
        .map(days::get);
  }

  /** What was found when each was verified last, of all together. */
  VerificationMetrics.Found found() {
    long adrift = 0;
    long differing = 0;
    long incomplete = 0;
    long verified = 0;
    Instant oldest = now;
    Instant newest = Instant.EPOCH;
    for (KnownDay day : days) {
      KnownDay.Look last = day.last();
      if (last != null && last.verified() != null) {
        adrift += day.isAdrift() ? 1 : 0;
        differing += last.differing();
        incomplete += last.incomplete();
        verified++;
        oldest = last.verified().isBefore(oldest) ? last.verified() : oldest;
        newest = last.verified().isAfter(newest) ? last.verified() : newest;
      }
    }
    return new VerificationMetrics.Found(
        adrift,
        differing,
        incomplete,
        verified,
        days.size() - verified,
        Duration.between(oldest, now),
        newest);
  }

  private boolean isTime(VerificationSettings settings) {
    return days.stream()
        .flatMap(day -> Stream.ofNullable(day.last()))
        .max(Comparator.comparing(KnownDay.Look::ended))
        .map(last -> !now.isBefore(last.ended().plus(settings.restAfter(last.took()))))
        .orElse(true);
  }

  private double patience(int place) {
    KnownDay day = days.get(place);
    KnownDay.Look last = day.last();
    if (last == null) {
      return Double.POSITIVE_INFINITY;
    }
    int share = day.isAdrift() ? 1 : place + 1;
    return (double) Duration.between(last.ended(), now).toMillis() / share;
  }
}
