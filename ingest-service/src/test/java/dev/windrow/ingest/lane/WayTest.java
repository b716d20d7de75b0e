package dev.windrow.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.accept.TestBlocks.TestEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class WayTest {
  private static final long LIGHT = 10_000;
  private static final long BOUND = 1_000_000;
  // What a request of no event counts for.
  private static final long OVERHEAD = request(0, () -> {}).bytes();

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final InFlight inFlight = new InFlight(BOUND, tasks::add);
  private final Map<String, Queue<Flush>> flushes = new HashMap<>();
  private final Lanes lanes =
      new Lanes(List.of(lane("a"), lane("b")), lane("express"), LIGHT, inFlight);

  private record Flush(int requests, Sinks.One<List<AppendOutcome>> end) {}

  private Lane lane(String name) {
    Queue<Flush> mine = new ArrayDeque<>();
    flushes.put(name, mine);
    return new Lane(
        new LaneSettings(1024, Long.MAX_VALUE, Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO),
        tasks::add,
        requests -> {
          Flush flush = new Flush(requests.size(), Sinks.one());
          mine.add(flush);
          return flush.end.asMono();
        },
        everything -> Mono.empty());
  }

  private void work() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private boolean end(String lane) {
    work();
    Flush flush = Objects.requireNonNull(flushes.get(lane)).poll();
    if (flush == null) {
      return false;
    }
    AppendOutcome stored = new AppendOutcome.Durable(1, 0, List.of(), false, 0, "");
    flush.end.tryEmitValue(Collections.nCopies(flush.requests, stored)).orThrow();
    work();
    return true;
  }

  private static PendingAppend request(long bytes, Runnable done) {
    var block = TestBlocks.of(List.of(new TestEvent(0, 0, "e", "", 0)));
    return new PendingAppend(
        null, new AcceptedBatch(block, List.of(), bytes), outcome -> done.run());
  }

  private static PendingAppend sized(long bytes) {
    return request(bytes - OVERHEAD, () -> {});
  }

  @Test
  void stream_withLittleInFlight_takesTheExpressLane() {
    Way way = lanes.stream(new Client(), "p");
    assertThat(way.offer(sized(4_000))).isEqualTo(Offer.ACCEPTED);
    assertThat(way.offer(sized(4_000))).isEqualTo(Offer.ACCEPTED);
    work();
    assertThat(flushes.get("express")).hasSize(1);
    assertThat(inFlight.bytes()).isEqualTo(8_000);
    assertThat(end("express")).isTrue();
    assertThat(inFlight.bytes()).as("both were in one flush").isZero();
  }

  @Test
  void stream_thatBeginsToSendMuch_waitsForItsOwn_andThenGoesHome() {
    Way way = lanes.stream(new Client(), "");
    assertThat(way.offer(sized(6_000))).isEqualTo(Offer.ACCEPTED);
    assertThat(way.offer(sized(6_000))).as("order forbids to change lanes").isEqualTo(Offer.FULL);
    List<Offer> retried = new ArrayList<>();
    way.whenRoom(() -> retried.add(way.offer(sized(6_000))));
    work();
    assertThat(retried).isEmpty();
    end("express");
    assertThat(retried).containsExactly(Offer.ACCEPTED);
    assertThat(flushes.get("a")).hasSize(1);
    assertThat(way.offer(sized(60_000))).isEqualTo(Offer.ACCEPTED);
  }

  @Test
  void call_thatBeginsToSendMuch_goesHomeAtOnce() {
    Client client = new Client();
    assertThat(lanes.call(client, "").offer(sized(6_000))).isEqualTo(Offer.ACCEPTED);
    assertThat(lanes.call(client, "").offer(sized(6_000))).isEqualTo(Offer.ACCEPTED);
    work();
    assertThat(flushes.get("express")).hasSize(1);
    assertThat(flushes.get("b")).hasSize(1);
  }

  @Test
  void client_thatFindsTheExpressLaneFull_waitsForThatLane() {
    Way way = lanes.stream(new Client(), "");
    way.offer(sized(OVERHEAD));
    work();
    // Behind the flush that is under way.
    while (way.offer(sized(OVERHEAD)) == Offer.ACCEPTED) {
      way = lanes.stream(new Client(), "");
    }
    Way full = way;
    List<Offer> retried = new ArrayList<>();
    full.whenRoom(() -> retried.add(full.offer(sized(OVERHEAD))));
    work();
    assertThat(retried).as("other lanes are empty").isEmpty();
    end("express");
    assertThat(retried).containsExactly(Offer.ACCEPTED);
  }

  @Test
  void clients_thatFlood_leaveRoomForOneMore() {
    for (int clients = 1; clients < 20; clients++) {
      List<Way> floods = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        floods.add(lanes.stream(new Client(), ""));
      }
      boolean any = true;
      while (any) {
        any = false;
        for (Way way : floods) {
          any |= way.offer(sized(12_000)) == Offer.ACCEPTED;
        }
      }
      long bound = BOUND - BOUND / 4;
      long share = bound / (clients + 1);
      assertThat(bound - inFlight.bytes())
          .as("%d clients", clients)
          .isBetween(share - 12_000, share + 12_000L * clients);
      assertThat(lanes.stream(new Client(), "").offer(sized(12_000))).isEqualTo(Offer.ACCEPTED);
      while (lanes.stream(new Client(), "").offer(sized(12_000)) == Offer.ACCEPTED) {}
      assertThat(lanes.stream(new Client(), "").offer(sized(5_000)))
          .as("with little, even then")
          .isEqualTo(Offer.ACCEPTED);
      while (end("a") || end("b") || end("express")) {}
      assertThat(inFlight.bytes()).isZero();
    }
  }

  // Those who have just begun to flood crowd the express lane.
  @Test
  void client_withLittle_usesWhatIsKeptForIt_whenTheExpressLaneHasNoPlace() {
    InFlight wide = new InFlight(4 << 20, tasks::add);
    Lanes crowded = new Lanes(List.of(lane("home")), lane("crowded"), 1 << 16, wide);
    while (crowded.stream(new Client(), "").offer(sized(70_000)) == Offer.ACCEPTED) {}
    for (int i = 0; i < 17; i++) {
      assertThat(crowded.stream(new Client(), "").offer(sized(61_000))).isEqualTo(Offer.ACCEPTED);
    }
    assertThat(crowded.call(new Client(), "").offer(sized(12_000))).isEqualTo(Offer.ACCEPTED);
    assertThat(crowded.express().bytes()).as("it went home").isEqualTo(17 * 61_000);
  }

  @Test
  void streams_inRandomOrder_keepTheirs_andNobodyWaitsForEver() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      List<Sender> senders = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(6); i++) {
        Client client = random.nextBoolean() || i == 0 ? new Client() : senders.get(0).client;
        senders.add(new Sender(client, random));
      }
      while (senders.stream().anyMatch(sender -> sender.done < Sender.REQUESTS)) {
        senders.get(random.nextInt(senders.size())).send();
        boolean ended = end(List.of("a", "b", "express").get(random.nextInt(3)));
        if (!ended && tasks.isEmpty()) {
          senders.forEach(Sender::send);
          assertThat(end("a") || end("b") || end("express"))
              .as("somebody goes on, seed %d", seed)
              .isTrue();
        }
      }
      assertThat(inFlight.bytes()).isZero();
    }
  }

  /** A stream that sends one request after the other and waits for room when it must. */
  private final class Sender {
    static final int REQUESTS = 40;
    final Client client;
    final Way way;
    final Random random;
    int sent;
    int done;
    boolean waits;

    Sender(Client client, Random random) {
      this.client = client;
      this.way = lanes.stream(client, "");
      this.random = random;
    }

    void send() {
      if (waits || sent == REQUESTS) {
        return;
      }
      int number = sent;
      long bytes = random.nextInt(10) == 0 ? 300_000 : random.nextInt(8_000);
      Offer offer =
          way.offer(
              request(
                  bytes,
                  () -> {
                    assertThat(number).as("in order").isEqualTo(done);
                    done++;
                  }));
      if (offer == Offer.ACCEPTED) {
        sent++;
      } else {
        waits = true;
        way.whenRoom(
            () -> {
              waits = false;
              send();
            });
      }
    }
  }
}
