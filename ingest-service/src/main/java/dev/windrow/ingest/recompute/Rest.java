package dev.windrow.ingest.recompute;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;

/** Spreads work that nobody waits for over a longer time. */
final class Rest {
  // What took so long was held up, which is no reason to rest for longer.
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private Rest() {}

  /**
   * Gives what the work gives once it has rested, for a second at most.
   *
   * @param times how many times as long as the work has taken; 0 for not at all
   */
  static <T> Mono<T> after(Mono<T> work, int times) {
    return times == 0
        ? work
        : work.elapsed()
            .delayUntil(
                done ->
                    Mono.delay(
                        Duration.ofMillis(Math.min(times * done.getT1(), LONGEST.toMillis()))))
            .map(Tuple2::getT2);
  }
}
