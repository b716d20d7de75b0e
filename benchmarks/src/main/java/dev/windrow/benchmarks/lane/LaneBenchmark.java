package dev.windrow.benchmarks.lane;

import dev.windrow.ingest.lane.Lane;
import dev.windrow.ingest.lane.Offer;
import dev.windrow.ingest.lane.PendingAppend;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Requests per microsecond through a lane, from producers to one drainer whose flushes cost
 * nothing. The reference is the JDK's bounded queue with a thread that takes all that waits: no
 * bound of bytes, no end that is told, no answer. A producer that finds no room yields and tries
 * again, so either is as fast as its slower half.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 2,
    jvmArgs = {"-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class LaneBenchmark {
  private static final int REQUESTS = 4_096;
  private static final long BYTES = 64L << 20;

  private final PendingAppend request = TestedLane.request(outcome -> {});
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Lane lane = TestedLane.create(REQUESTS, BYTES, thread);
  private final BlockingQueue<PendingAppend> queue = new ArrayBlockingQueue<>(REQUESTS);
  private final Thread taker = new Thread(this::takeAll, "taker");

  /** Starts the reference's drainer; the lane's starts with its first request. */
  @Setup
  public void start() {
    taker.start();
  }

  /** Ends both drainers. */
  @TearDown
  public void stop() throws InterruptedException {
    thread.shutdown();
    taker.interrupt();
    taker.join();
  }

  /** One producer. */
  @Benchmark
  @Threads(1)
  public void lane1() {
    offerToLane();
  }

  /** Two producers. */
  @Benchmark
  @Threads(2)
  public void lane2() {
    offerToLane();
  }

  /** Four producers. */
  @Benchmark
  @Threads(4)
  public void lane4() {
    offerToLane();
  }

  /** One producer. */
  @Benchmark
  @Threads(1)
  public void arrayBlockingQueue1() {
    offerToQueue();
  }

  /** Two producers. */
  @Benchmark
  @Threads(2)
  public void arrayBlockingQueue2() {
    offerToQueue();
  }

  /** Four producers. */
  @Benchmark
  @Threads(4)
  public void arrayBlockingQueue4() {
    offerToQueue();
  }

  private void offerToLane() {
    while (lane.offer(request) != Offer.ACCEPTED) {
      giveWay();
    }
  }

  private void offerToQueue() {
    while (!queue.offer(request)) {
      giveWay();
    }
  }

  // Nothing relies on it; with more threads than CPUs, spinning would only keep the drainer away.
  @SuppressWarnings("ThreadPriorityCheck")
  private static void giveWay() {
    Thread.yield();
  }

  private void takeAll() {
    List<PendingAppend> taken = new ArrayList<>();
    try {
      while (true) {
        taken.add(queue.take());
        queue.drainTo(taken);
        taken.clear();
      }
    } catch (InterruptedException e) {
      // Told to stop.
      Thread.currentThread().interrupt();
    }
  }
}
