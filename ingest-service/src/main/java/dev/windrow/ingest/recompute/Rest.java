package dev.windrow.ingest.recompute;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** Spreads work that nobody waits for over a longer time. */
final class Rest {
  private Rest() {}

  /**
   * Gives what the work gives once it has rested.
   *
   * @param times how many times as long as the work has taken; 0 for not at all
   */
  static <T> Mono<T> after(Mono<T> work, int times) {
    return times == 0
        ? work
        : work.elapsed()
            .delayUntil(done -> Mono.delay(Duration.ofMillis(done.getT1()).multipliedBy(times)))
            .map(Tuple2::getT2);
  }
}
