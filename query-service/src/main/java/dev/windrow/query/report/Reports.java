package dev.windrow.query.report;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.windrow.query.worth.Requirements;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Runs reports. An answer is given again while its report allows it and it meets what a caller
 * requires; callers who require nothing share a reading that is under way. Errors are not kept.
 */
public final class Reports {
  private final ReportReader reader;
  private final AnswerCache cache;
  private final SharedReadings<ReportRun, ReportAnswer> readings = new SharedReadings<>();
  private final Duration readLimit;

  /**
   * Without any answer yet.
   *
   * @param cacheBytes about how much memory answers may take that are kept; 0 keeps none
   * @param readLimit of a reading that several wait for, whose own limits differ
   */
  public Reports(ReportReader reader, long cacheBytes, Duration readLimit) {
    this.reader = reader;
    this.cache = new AnswerCache(cacheBytes, Ticker.systemTicker());
    this.readLimit = readLimit;
  }

  /** The answer, or an error as callers may see it. Cancelling ends a reading of nobody else's. */
  public Mono<ServedReport> run(ReportRun run, Requirements required, Duration timeLimit) {
    return Mono.defer(
        () ->
            cache
                .find(run, required)
                .map(answer -> Mono.just(new ServedReport(answer, true)))
                .orElseGet(
                    () ->
                        read(run, required, timeLimit)
                            .map(answer -> new ServedReport(answer, false))));
  }

  private Mono<ReportAnswer> read(ReportRun run, Requirements required, Duration timeLimit) {
    // What is required decides whether there is an answer at all, and TTL 0 asks for one of its
    // own.
    return required.equals(Requirements.NONE) && !run.report().ttl().isZero()
        ? readings.of(run, () -> keptOrRead(run))
        : keep(run, required, timeLimit);
  }

  // A reading may have ended since the cache was looked at.
  private Mono<ReportAnswer> keptOrRead(ReportRun run) {
    return cache
        .find(run, Requirements.NONE)
        .map(Mono::just)
        .orElseGet(() -> keep(run, Requirements.NONE, readLimit));
  }

  private Mono<ReportAnswer> keep(ReportRun run, Requirements required, Duration limit) {
    return Mono.defer(
        () -> {
          long begun = cache.now();
          return reader.read(run, required, limit).doOnNext(answer -> cache.keep(answer, begun));
        });
  }
}
