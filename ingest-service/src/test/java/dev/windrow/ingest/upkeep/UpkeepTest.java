package dev.windrow.ingest.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.metrics.IngestMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class UpkeepTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicInteger rounds = new AtomicInteger();
  private VirtualTimeScheduler time = VirtualTimeScheduler.create();

  @BeforeEach
  void stopTheClock() {
    time = VirtualTimeScheduler.getOrSet();
  }

  @AfterEach
  void restoreTheClock() {
    VirtualTimeScheduler.reset();
  }

  private Upkeep upkeep(Mono<Boolean> round) {
    return new Upkeep(
        UpkeepTask.RETENTION,
        new IngestMetrics(registry, Set.of()).upkeep(UpkeepTask.RETENTION),
        () -> MINUTE,
        Mono.defer(
            () -> {
              rounds.incrementAndGet();
              return round;
            }));
  }

  private double counted(String name) {
    return registry.get(name).tag("task", "retention").counter().count();
  }

  private double told(String name) {
    return registry.get(name).tag("task", "retention").gauge().value();
  }

  @Test
  void rounds_comeAfterTheirPause_untilClosed() {
    Upkeep upkeep = upkeep(Mono.just(true));
    upkeep.start();
    assertThat(rounds).hasValue(0);

    time.advanceTimeBy(MINUTE);
    assertThat(rounds).hasValue(1);
    time.advanceTimeBy(MINUTE.multipliedBy(2));
    assertThat(rounds).hasValue(3);

    upkeep.close();
    time.advanceTimeBy(MINUTE.multipliedBy(5));
    assertThat(rounds).hasValue(3);
  }

  @Test
  void round_beginsAfterTheOneBeforeHasEnded() {
    Sinks.One<Boolean> end = Sinks.one();
    AtomicReference<Mono<Boolean>> round = new AtomicReference<>(end.asMono());
    Upkeep upkeep = upkeep(Mono.defer(round::get));
    upkeep.start();
    time.advanceTimeBy(MINUTE.multipliedBy(10));
    assertThat(rounds).as("the first one goes on").hasValue(1);

    round.set(Mono.just(true));
    end.tryEmitValue(true);
    time.advanceTimeBy(MINUTE.minusSeconds(1));
    assertThat(rounds).as("the pause begins with the end").hasValue(1);
    time.advanceTimeBy(Duration.ofSeconds(1));
    assertThat(rounds).hasValue(2);
    upkeep.close();
  }

  @Test
  void roundThatFails_isCounted_andTriedAgain() {
    AtomicReference<Mono<Boolean>> outcome =
        new AtomicReference<>(Mono.error(new IllegalStateException("no")));
    Upkeep upkeep = upkeep(Mono.defer(outcome::get));
    upkeep.start();
    time.advanceTimeBy(MINUTE.multipliedBy(2));
    assertThat(counted("windrow.upkeep.failures")).isEqualTo(2);
    assertThat(counted("windrow.upkeep.rounds")).isZero();
    assertThat(told("windrow.upkeep.last.success.timestamp")).isZero();

    outcome.set(Mono.just(true));
    time.advanceTimeBy(MINUTE);
    assertThat(counted("windrow.upkeep.failures")).isEqualTo(2);
    assertThat(counted("windrow.upkeep.rounds")).isEqualTo(1);
    assertThat(told("windrow.upkeep.active")).isEqualTo(1);
    assertThat(told("windrow.upkeep.last.success.timestamp")).isPositive();
    upkeep.close();
  }

  @Test
  void roundOfAnotherReplicasTurn_goesWell_andIsNoSuccessOfThisOne() {
    Upkeep upkeep = upkeep(Mono.just(false));
    upkeep.start();
    time.advanceTimeBy(MINUTE);

    assertThat(counted("windrow.upkeep.rounds")).isEqualTo(1);
    assertThat(told("windrow.upkeep.active")).isZero();
    assertThat(told("windrow.upkeep.last.success.timestamp")).isZero();
    upkeep.close();
  }
}
