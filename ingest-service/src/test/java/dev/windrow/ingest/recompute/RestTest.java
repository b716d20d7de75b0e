package dev.windrow.ingest.recompute;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class RestTest {
  private static final Duration WORK = Duration.ofMillis(300);

  @Test
  void after_restsInProportionToTheWork() {
    StepVerifier.withVirtualTime(() -> Rest.after(Mono.delay(WORK).thenReturn("done"), 2))
        .expectSubscription()
        .expectNoEvent(WORK.multipliedBy(3).minusMillis(1))
        .thenAwait(Duration.ofMillis(1))
        .expectNext("done")
        .verifyComplete();
  }

  @Test
  void after_workThatWasHeldUp_restsForASecond() {
    Duration held = Duration.ofSeconds(20);
    StepVerifier.withVirtualTime(() -> Rest.after(Mono.delay(held).thenReturn("done"), 2))
        .expectSubscription()
        .expectNoEvent(held.plusMillis(999))
        .thenAwait(Duration.ofMillis(1))
        .expectNext("done")
        .verifyComplete();
  }

  @Test
  void after_withoutRest_givesAtOnce() {
    StepVerifier.withVirtualTime(() -> Rest.after(Mono.delay(WORK).thenReturn("done"), 0))
        .expectSubscription()
        .expectNoEvent(WORK.minusMillis(1))
        .thenAwait(Duration.ofMillis(1))
        .expectNext("done")
        .verifyComplete();
  }

  @Test
  void after_failedWork_failsAtOnce() {
    StepVerifier.withVirtualTime(
            () -> Rest.after(Mono.delay(WORK).then(Mono.error(new ArithmeticException())), 2))
        .expectSubscription()
        .thenAwait(WORK)
        .expectError(ArithmeticException.class)
        .verify(Duration.ofSeconds(10));
  }
}
