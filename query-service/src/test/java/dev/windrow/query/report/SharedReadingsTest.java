package dev.windrow.query.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class SharedReadingsTest {
  private final SharedReadings<String, Integer> readings = new SharedReadings<>();
  private final AtomicInteger begun = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final List<Object> told = new ArrayList<>();
  private Sinks.One<Integer> source = Sinks.one();

  @Test
  void equalOnes_atTheSameTime_areReadOnce() {
    subscribe("a");
    subscribe("a");
    assertThat(begun).hasValue(1);
    source.tryEmitValue(7);
    assertThat(told).containsExactly(7, 7);
    assertThat(readings.count()).isZero();
  }

  @Test
  void differentOnes_areReadApart() {
    subscribe("a");
    subscribe("b");
    assertThat(begun).hasValue(2);
  }

  @Test
  void oneWhoCancels_leavesTheReadingToTheOthers() {
    Disposable first = subscribe("a");
    subscribe("a");
    first.dispose();
    assertThat(cancelled).hasValue(0);
    source.tryEmitValue(7);
    assertThat(told).containsExactly(7);
  }

  @Test
  void lastWhoCancels_endsTheReading_andTheNextBeginsAnew() {
    Disposable first = subscribe("a");
    Disposable second = subscribe("a");
    first.dispose();
    second.dispose();
    assertThat(cancelled).hasValue(1);
    assertThat(readings.count()).isZero();
    source = Sinks.one();
    subscribe("a");
    source.tryEmitValue(8);
    assertThat(begun).hasValue(2);
    assertThat(told).containsExactly(8);
  }

  @Test
  void error_isToldToAllWhoWait_andTheNextBeginsAnew() {
    subscribe("a");
    subscribe("a");
    source.tryEmitError(new IllegalStateException("away"));
    assertThat(told).containsExactly("away", "away");
    source = Sinks.one();
    subscribe("a");
    source.tryEmitValue(9);
    assertThat(told).endsWith(9);
  }

  private Disposable subscribe(String key) {
    return readings
        .of(
            key,
            () -> {
              begun.incrementAndGet();
              return source.asMono().doOnCancel(cancelled::incrementAndGet);
            })
        .switchIfEmpty(Mono.error(() -> new IllegalStateException("nothing")))
        .subscribe(told::add, error -> told.add(String.valueOf(error.getMessage())));
  }
}
