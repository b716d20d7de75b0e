package dev.windrow.query.report;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.windrow.query.worth.Requirements;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers that may be given again, each for as long as its report says. Their memory is bounded:
 * those that are seldom asked for go first.
 */
final class AnswerCache {
  private record Kept(ReportAnswer answer, long readNanos) {}

  private final Cache<ReportRun, Kept> kept;
  private final Ticker ticker;

  /**
   * An empty one.
   *
   * @param maxBytes about how much memory the answers may take; 0 keeps none
   */
  AnswerCache(long maxBytes, Ticker ticker) {
    this.ticker = ticker;
    this.kept =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((ReportRun run, Kept value) -> value.answer().weight())
            .expireAfter(Expiry.writing((ReportRun run, Kept value) -> remaining(run, value)))
            .ticker(ticker)
            // Its upkeep is short and needs no thread of its own.
            .executor(Runnable::run)
            .build();
  }

  /** The answer of an equal run, if there is one that meets what is required. */
  Optional<ReportAnswer> find(ReportRun run, Requirements required) {
    Kept found = kept.getIfPresent(run);
    if (found == null) {
      return Optional.empty();
    }
    Duration age = Duration.ofNanos(ticker.read() - found.readNanos());
    return AgePolicy.meets(required, found.answer(), age)
        ? Optional.of(found.answer())
        : Optional.empty();
  }

  /**
   * Keeps an answer, in the place of an older one.
   *
   * @param readNanos when its reading began, by the ticker
   */
  void keep(ReportAnswer answer, long readNanos) {
    if (!answer.run().report().ttl().isZero()) {
      kept.asMap()
          .merge(
              answer.run(),
              new Kept(answer, readNanos),
              (a, b) -> a.readNanos() - b.readNanos() > 0 ? a : b);
    }
  }

  /** The time that it took to read counts. */
  private Duration remaining(ReportRun run, Kept value) {
    Duration left = run.report().ttl().minusNanos(ticker.read() - value.readNanos());
    return left.isNegative() ? Duration.ZERO : left;
  }

  long now() {
    return ticker.read();
  }
}
