package dev.windrow.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.accept.TestBlocks.TestEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class LaneTest {
  private static final long OVERHEAD = request("", 0, 0, outcome -> {}).bytes();
  private static final AppendOutcome STORED = HeldFlushes.stored(0);

  private final QueuedTasks thread = new QueuedTasks();
  private final Queue<Runnable> later = new ArrayDeque<>();
  private final HeldFlushes flushes = new HeldFlushes();
  private final List<String> told = new ArrayList<>();

  private static PendingAppend request(
      String name, int events, long bytes, Consumer<AppendOutcome> done) {
    TestEvent event = new TestEvent(0, 0, name, "", 0);
    EventBlock block = TestBlocks.of(Collections.nCopies(events, event));
    return new PendingAppend(null, new AcceptedBatch(block, List.of(), bytes), done);
  }

  private PendingAppend request(String name) {
    return request(name, 1, 0, outcome -> told.add(name + outcome(outcome)));
  }

  private static long outcome(AppendOutcome outcome) {
    return outcome instanceof AppendOutcome.Durable durable ? durable.durableSequence() : -1;
  }

  private Lane lane(int maxRequests, long maxBytes, int flushEvents, long flushBytes) {
    return new Lane(
        new LaneSettings(maxRequests, maxBytes, flushEvents, flushBytes, Duration.ofDays(1)),
        thread,
        (task, nanos) -> later.add(task),
        flushes,
        everything -> Mono.empty());
  }

  private Lane lane() {
    return lane(100, 1 << 20, 100, 1 << 20);
  }

  @Test
  void flush_afterALargeOneThatLeftOthersWaiting_waitsForMore() {
    Lane lane = lane(100, 1 << 20, 1_000, 1 << 20);
    lane.offer(request("a", 500, 0, outcome -> told.add("a")));
    thread.runAll();
    lane.offer(request("b"));
    flushes.end();
    thread.runAll();
    assertThat(told).as("is told at once").containsExactly("a");
    assertThat(flushes.begun).hasSize(1);
    lane.offer(request("c"));
    lane.close();
    thread.runAll();
    assertThat(flushes.begun).as("there is one drain at a time").hasSize(1);
    assertThat(lane.ended()).isNotDone();

    later.remove().run();
    assertThat(flushes.begun).hasSize(2);
    assertThat(flushes.last()).isEqualTo(2);
    flushes.end();
    thread.runAll();
    assertThat(lane.ended()).isCompleted();
    assertThat(later).isEmpty();
  }

  @Test
  void flush_afterASmallOne_orOneThatLeftNobodyWaiting_beginsAtOnce() {
    Lane lane = lane(100, 1 << 20, 1_000, 1 << 20);
    lane.offer(request("a", 499, 0, outcome -> {}));
    thread.runAll();
    lane.offer(request("b", 500, 0, outcome -> {}));
    flushes.end();
    thread.runAll();
    assertThat(flushes.begun).hasSize(2);
    flushes.end();
    thread.runAll();
    lane.offer(request("c"));
    thread.runAll();
    assertThat(flushes.begun).hasSize(3);
    assertThat(later).isEmpty();
  }

  @Test
  void offer_toAnIdleLane_startsAFlushAtOnce() {
    Lane lane = lane();

    assertThat(lane.offer(request("a"))).isEqualTo(Offer.ACCEPTED);
    thread.runAll();

    assertThat(flushes.begun).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void offer_whileAFlushIsOut_gathersIntoTheNext() {
    Lane lane = lane();
    lane.offer(request("a"));
    thread.runAll();
    for (String name : List.of("b", "c", "d")) {
      lane.offer(request(name));
      thread.runAll();
    }
    assertThat(flushes.begun).hasSize(1);

    flushes.end();
    thread.runAll();
    assertThat(flushes.last()).isEqualTo(3);
    flushes.end();
    thread.runAll();

    assertThat(told).containsExactly("a0", "b0", "c1", "d2");
    assertThat(flushes.begun).hasSize(2);
  }

  @Test
  void flush_takesNoMoreOnceItsEventsAreEnough() {
    Lane lane = lane(100, 1 << 20, 10, 1 << 20);
    for (int i = 0; i < 5; i++) {
      lane.offer(request("", 4, 0, outcome -> {}));
    }

    thread.runAll();

    assertThat(flushes.last()).isEqualTo(3);
  }

  @Test
  void flush_takesNoMoreOnceItsBytesAreEnough() {
    Lane lane = lane(100, 1 << 20, 100, 2 * OVERHEAD + 1);
    for (int i = 0; i < 5; i++) {
      lane.offer(request("a"));
    }

    thread.runAll();

    assertThat(flushes.last()).isEqualTo(3);
  }

  @Test
  void offer_beyondTheRequests_isFull_andRoomComesAsSoonAsTheyAreTaken() {
    Lane lane = lane(2, 1 << 20, 100, 1 << 20);
    lane.offer(request("a"));
    lane.offer(request("b"));

    assertThat(lane.offer(request("c"))).isEqualTo(Offer.FULL);
    assertThat(lane.bytes()).isEqualTo(2 * OVERHEAD);
    thread.runAll();
    assertThat(lane.offer(request("c"))).isEqualTo(Offer.ACCEPTED);
  }

  @Test
  void offer_toALaneOfOneRequest_isServed() {
    Lane lane = lane(1, 1 << 20, 100, 1 << 20);
    for (int i = 0; i < 3; i++) {
      assertThat(lane.offer(request("a"))).isEqualTo(Offer.ACCEPTED);
      assertThat(lane.offer(request("b"))).isEqualTo(Offer.FULL);
      thread.runAll();
      flushes.end();
      thread.runAll();
    }

    assertThat(told).containsExactly("a0", "a0", "a0");
  }

  @Test
  void offer_atTheBytes_isExact() {
    Lane lane = lane(100, 3 * OVERHEAD, 100, 1 << 20);
    lane.offer(request("a"));

    assertThat(lane.offer(request("", 1, OVERHEAD + 1, outcome -> {}))).isEqualTo(Offer.FULL);
    assertThat(lane.offer(request("", 1, OVERHEAD, outcome -> {}))).isEqualTo(Offer.ACCEPTED);
    assertThat(lane.bytes()).isEqualTo(3 * OVERHEAD);
  }

  @Test
  void offer_ofMoreThanTheWholeBound_passesAlone() {
    Lane lane = lane(100, OVERHEAD, 100, 1 << 20);

    assertThat(lane.offer(request("", 1, 1000, outcome -> {}))).isEqualTo(Offer.ACCEPTED);
    assertThat(lane.offer(request("", 1, 1000, outcome -> {}))).isEqualTo(Offer.FULL);
    thread.runAll();
    flushes.end();
    thread.runAll();
    assertThat(lane.bytes()).isZero();
    assertThat(lane.offer(request("", 1, 1000, outcome -> {}))).isEqualTo(Offer.ACCEPTED);
  }

  @Test
  void bytes_areHeldUntilTheOutcomeWasTold() {
    Lane lane = lane();
    List<Long> seen = new ArrayList<>();
    lane.offer(request("", 1, 0, outcome -> seen.add(lane.bytes())));
    thread.runAll();
    flushes.end();

    thread.runAll();

    assertThat(seen).containsExactly(OVERHEAD);
    assertThat(lane.bytes()).isZero();
  }

  @Test
  void whenRoom_runsEachWaiterOnce_afterAFlush() {
    Lane lane = lane(100, OVERHEAD, 100, 1 << 20);
    lane.offer(request("a"));
    lane.whenRoom(() -> told.add("room"));
    lane.whenRoom(() -> told.add("room"));
    thread.runAll();
    assertThat(told).isEmpty();

    flushes.end();
    thread.runAll();
    lane.offer(request("b"));
    thread.runAll();
    flushes.end();
    thread.runAll();

    assertThat(told).containsExactly("a0", "room", "room", "b0");
  }

  @Test
  void whenRoom_onAnEmptyLane_runsSoon() {
    Lane lane = lane();
    lane.whenRoom(() -> told.add("room"));

    thread.runAll();

    assertThat(told).containsExactly("room");
  }

  @Test
  void whenRoom_fromWithinARetry_waitsForTheNextFlush() {
    Lane lane = lane(100, OVERHEAD, 100, 1 << 20);
    lane.offer(request("a"));
    lane.whenRoom(
        () -> {
          lane.offer(request("b"));
          lane.whenRoom(() -> told.add("again"));
        });
    thread.runAll();

    flushes.end();
    thread.runAll();
    assertThat(told).containsExactly("a0");
    flushes.end();
    thread.runAll();

    assertThat(told).containsExactly("a0", "b0", "again");
  }

  @Test
  void done_thatThrows_stopsNeitherTheOthersNorTheLane() {
    Lane lane = lane();
    lane.offer(request("", 1, 0, LaneTest::fail));
    lane.offer(request("b"));
    thread.runAll();
    flushes.end();
    thread.runAll();

    lane.offer(request("c"));
    thread.runAll();
    flushes.end();
    thread.runAll();

    assertThat(told).containsExactly("b1", "c0");
    assertThat(lane.bytes()).isZero();
  }

  private static void fail(AppendOutcome outcome) {
    throw new IllegalStateException("the caller is gone: " + outcome);
  }

  @Test
  void retry_thatThrows_stopsNeitherTheOthersNorTheLane() {
    Lane lane = lane();
    lane.offer(request("a"));
    lane.whenRoom(() -> fail(STORED));
    lane.whenRoom(() -> told.add("room"));
    lane.offer(request("b"));
    thread.runAll();

    flushes.end();
    thread.runAll();
    lane.offer(request("c"));
    thread.runAll();
    flushes.end();
    thread.runAll();

    assertThat(told).containsExactly("a0", "b1", "room", "c0");
  }

  @Test
  void flush_thatBreaksItsPromise_failsItsRequests_andTheLaneGoesOn() {
    List<Function<List<PendingAppend>, Mono<List<AppendOutcome>>>> broken =
        List.of(
            requests -> {
              throw new IllegalStateException("before there is a Mono");
            },
            requests -> Mono.error(new IllegalStateException("as a signal")),
            requests -> Mono.empty(),
            requests -> Mono.just(List.of(STORED)));
    for (var flush : broken) {
      Lane lane =
          new Lane(
              new LaneSettings(10, 1 << 20, 10, 1 << 20, Duration.ZERO),
              thread,
              flush,
              everything -> Mono.empty());
      lane.offer(request("a"));
      lane.offer(request("b"));
      thread.runAll();
      lane.offer(request("c"));
      thread.runAll();
      assertThat(lane.bytes()).isZero();
    }

    assertThat(told)
        .containsExactly(
            "a-1", "b-1", "c-1", "a-1", "b-1", "c-1", "a-1", "b-1", "c-1", "a0", "b-1", "c0");
  }

  @Test
  void close_refusesNewRequests_andStillFlushesThoseTaken() {
    Lane lane = lane(100, 1 << 20, 1, 1 << 20);
    lane.offer(request("a"));
    lane.offer(request("b"));
    lane.close();

    assertThat(lane.offer(request("c"))).isEqualTo(Offer.CLOSED);
    for (int i = 0; i < 2; i++) {
      thread.runAll();
      flushes.end();
    }
    thread.runAll();

    assertThat(told).containsExactly("a0", "b0");
    assertThat(lane.bytes()).isZero();
  }

  @Test
  void ended_ofAClosedLane_completesWithTheLastOutcome_andNotBefore() {
    Lane lane = lane(100, 1 << 20, 1, 1 << 20);
    lane.offer(request("a"));
    thread.runAll();
    lane.close();
    thread.runAll();

    assertThat(lane.ended()).isNotDone();
    flushes.end();
    thread.runAll();
    assertThat(lane.ended()).isDone();
  }

  @Test
  void ended_ofALaneClosedWhileIdle_completes() {
    Lane lane = lane(100, 1 << 20, 1, 1 << 20);
    lane.close();
    thread.runAll();

    assertThat(lane.ended()).isDone();
  }

  @Test
  void close_wakesThoseWhoWait() {
    Lane lane = lane(1, 1 << 20, 100, 1 << 20);
    lane.offer(request("a"));
    lane.whenRoom(() -> told.add(lane.offer(request("b")).name()));

    lane.close();
    thread.runAll();

    assertThat(told).containsExactly("CLOSED");
  }
}
