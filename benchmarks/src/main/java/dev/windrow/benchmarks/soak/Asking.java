package dev.windrow.benchmarks.soak;

import com.google.protobuf.util.Timestamps;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Asks questions one after the other, some each second, on a thread of its own, until it is closed.
 * The count of all events must never go back.
 */
final class Asking implements AutoCloseable {
  private static final long PAUSE_NANOS = 200_000_000;
  private static final long DEADLINE_SECONDS = 60;
  private static final Duration BACK = Duration.ofDays(40);
  private static final List<List<String>> GROUPS =
      List.of(List.of(), List.of("source"), List.of("type", "status"), List.of("source", "status"));

  private final ManagedChannel channel;
  private final Histogram micros = new ConcurrentHistogram(3);
  private final Thread thread;
  private volatile boolean ended;
  private volatile @Nullable RuntimeException failure;

  /** Begins. */
  Asking(int port) {
    channel = NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
    thread = new Thread(this::ask, "questions");
    thread.start();
  }

  /** Latencies in microseconds; safe to be read and reset. */
  Histogram micros() {
    return micros;
  }

  /** Fails if a question has failed. */
  void check() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw failed;
    }
  }

  private void ask() {
    long before = 0;
    Instant begin = Instant.now().minus(BACK);
    try {
      for (int turn = 0; !ended; turn++) {
        List<String> groupBy = GROUPS.get(turn % GROUPS.size());
        long begun = System.nanoTime();
        SummarizeResponse answer =
            QueryServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .summarize(question(begin, groupBy));
        micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
        long count =
            answer.getRowsList().stream().mapToLong(row -> row.getValues(0).getInteger()).sum();
        if (count < before) {
          throw new IllegalStateException(
              "count: must not go back from " + before + " to " + count);
        }
        before = count;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (RuntimeException e) {
      // The one that is under way when it all ends is let go.
      failure = ended ? null : e;
    }
  }

  private static SummarizeRequest question(Instant begin, List<String> groupBy) {
    return SummarizeRequest.newBuilder()
        .setWindow(
            TimeWindow.newBuilder()
                .setStartTime(Timestamps.fromMillis(begin.toEpochMilli()))
                .setEndTime(
                    Timestamps.fromMillis(Instant.now().plus(Duration.ofHours(1)).toEpochMilli())))
        .addAllGroupBy(groupBy)
        .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
        .build();
  }

  @Override
  public void close() {
    ended = true;
    channel.shutdown();
  }
}
