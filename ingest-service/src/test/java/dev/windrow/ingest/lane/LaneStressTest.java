package dev.windrow.ingest.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EventBlock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Many threads offer, wait for room and offer again. */
class LaneStressTest {
  private static final int PRODUCERS = 6;
  private static final int REQUESTS = 20_000;
  private static final long MAX_BYTES = 20_000;

  private final ExecutorService producers = Executors.newFixedThreadPool(PRODUCERS);
  private final ExecutorService laneThread = Executors.newSingleThreadExecutor();
  private final ExecutorService database = Executors.newSingleThreadExecutor();
  private final AtomicBoolean flushing = new AtomicBoolean();
  private final AtomicReference<String> broken = new AtomicReference<>("");
  private final AtomicLong mostBytes = new AtomicLong();
  private final List<List<Long>> told = new ArrayList<>();

  @AfterEach
  void stop() {
    List.of(producers, laneThread, database).forEach(ExecutorService::shutdownNow);
  }

  @Test
  void offer_fromManyThreads_withRoomForMany_givesEachRequestOneOutcomeInOrder() throws Exception {
    stress(new LaneSettings(64, MAX_BYTES, 10, 5_000, Duration.ZERO), 2_000);
  }

  @Test
  void offer_fromManyThreads_withRoomForOne_givesEachRequestOneOutcomeInOrder() throws Exception {
    stress(new LaneSettings(64, 1_000, 10, 5_000, Duration.ZERO), 400);
  }

  @Test
  void offer_fromManyThreads_toAShortQueue_givesEachRequestOneOutcomeInOrder() throws Exception {
    stress(new LaneSettings(2, MAX_BYTES, 10, 5_000, Duration.ZERO), 2_000);
  }

  private void stress(LaneSettings settings, int maxBytes) throws Exception {
    long seed = System.nanoTime();
    Lane lane = new Lane(settings, laneThread, this::flush, everything -> Mono.empty());
    List<Callable<Void>> work = new ArrayList<>();
    for (int producer = 0; producer < PRODUCERS; producer++) {
      Random random = new Random(seed + producer);
      List<Long> outcomes = new ArrayList<>();
      told.add(outcomes);
      work.add(() -> produce(lane, settings, random, maxBytes, outcomes));
    }

    for (Future<Void> done : producers.invokeAll(work)) {
      done.get();
    }
    Awaitility.await().until(() -> lane.bytes() == 0);

    assertThat(broken).as("seed %d", seed).hasValue("");
    assertThat(mostBytes).as("seed %d", seed).hasValueLessThanOrEqualTo(settings.maxBytes());
    List<Long> all = IntStream.range(0, REQUESTS).mapToObj(i -> (Long) (long) i).toList();
    for (List<Long> outcomes : told) {
      assertThat(outcomes).as("seed %d", seed).isEqualTo(all);
    }
  }

  /** Offers until all is in; a wake-up that is lost shows as a wait without end. */
  private Void produce(
      Lane lane, LaneSettings settings, Random random, int maxBytes, List<Long> outcomes)
      throws Exception {
    for (long sequence = 0; sequence < REQUESTS; sequence++) {
      PendingAppend request =
          new PendingAppend(
              new Producer("p", 0, sequence),
              new AcceptedBatch(EventBlock.EMPTY, List.of(), random.nextInt(maxBytes)),
              outcome -> outcomes.add(((AppendOutcome.Durable) outcome).durableSequence()));
      while (lane.offer(request) == Offer.FULL) {
        CountDownLatch room = new CountDownLatch(1);
        lane.whenRoom(room::countDown);
        if (lane.offer(request) == Offer.ACCEPTED) {
          break;
        }
        if (!room.await(10, TimeUnit.SECONDS)) {
          broken.set("no room came, with bytes " + lane.bytes() + " of " + settings.maxBytes());
          return null;
        }
      }
      long bytes = lane.bytes();
      mostBytes.accumulateAndGet(bytes, Math::max);
    }
    return null;
  }

  private Mono<List<AppendOutcome>> flush(List<PendingAppend> requests) {
    return Mono.fromSupplier(() -> outcomes(requests))
        .subscribeOn(Schedulers.fromExecutorService(database));
  }

  private List<AppendOutcome> outcomes(List<PendingAppend> requests) {
    if (!flushing.compareAndSet(false, true)) {
      broken.set("two flushes at once");
    }
    List<AppendOutcome> outcomes = new ArrayList<>();
    for (PendingAppend request : requests) {
      Producer producer = request.producer();
      long sequence = producer == null ? -1 : producer.sequence();
      outcomes.add(new AppendOutcome.Durable(0, 0, List.of(), false, sequence, ""));
    }
    flushing.set(false);
    return outcomes;
  }
}
