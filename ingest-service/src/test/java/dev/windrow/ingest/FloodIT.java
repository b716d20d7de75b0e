package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Proof R9: clients that flood are kept within the byte budget, and one that behaves goes on as if
 * they were not there. Its latency is printed and not judged: here it shares two cores with those
 * who flood.
 */
@Tag("minutes")
class FloodIT {
  private static final int CONNECTIONS = 20;
  private static final int STREAMS = 10;
  private static final int EVENTS = 2;
  private static final int AT_ONCE = 16;
  private static final long IN_FLIGHT_BYTES = 4 << 20;
  private static final Duration QUIET = Duration.ofSeconds(10);
  private static final Duration FLOODED =
      Duration.ofSeconds(Integer.getInteger("windrow.test.flood.seconds", 60));

  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong stored = new AtomicLong();
  private volatile boolean enough;

  @Test
  void flood_ofManyStreams_keepsWithinTheBudget_andLeavesAnotherAlone() throws Exception {
    try (IngestHarness harness =
        IngestHarness.start("WINDROW_IN_FLIGHT_BYTES", Long.toString(IN_FLIGHT_BYTES))) {
      long[] warm = behave(harness, QUIET);
      long[] quiet = behave(harness, QUIET);
      // The one that behaves must not wait in the threads of those who flood.
      MultiThreadIoEventLoopGroup theirs =
          new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
      List<ManagedChannel> channels = new ArrayList<>();
      List<Flood> floods = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        ManagedChannel channel =
            NettyChannelBuilder.forAddress("localhost", harness.server.port())
                .usePlaintext()
                .channelType(NioSocketChannel.class)
                .eventLoopGroup(theirs)
                .build();
        channels.add(channel);
        for (int j = 0; j < STREAMS; j++) {
          Flood flood = new Flood();
          floods.add(flood);
          IngestServiceGrpc.newStub(channel).appendStream(flood);
        }
      }
      // A service that has just started is slow while so many begin at once.
      await().atMost(Duration.ofSeconds(60)).until(() -> stored.get() > 10_000);
      most = 0;
      long before = stored.get();
      long begin = System.nanoTime();
      long[] flooded = behave(harness, FLOODED);
      long rate = (long) ((stored.get() - before) * 1e9 / (System.nanoTime() - begin));
      long inFlight = most;
      enough = true;
      floods.forEach(Flood::end);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> floods.stream().allMatch(flood -> flood.ended));
      channels.forEach(ManagedChannel::shutdownNow);
      theirs.shutdownGracefully().get();

      System.out.printf(
          "R9 connections=%d streams=%d seconds=%d flood=%d/s in_flight_max=%d budget=%d"
              + " p99_quiet=%.1fms p99_flooded=%.1fms%n",
          CONNECTIONS,
          CONNECTIONS * STREAMS,
          FLOODED.toSeconds(),
          rate,
          inFlight,
          IN_FLIGHT_BYTES,
          p99(quiet) / 1e6,
          p99(flooded) / 1e6);
      assertThat(inFlight).isBetween(IN_FLIGHT_BYTES / 4, IN_FLIGHT_BYTES);
      assertThat(floods).allMatch(flood -> flood.error == null);
      assertThat(stored.get()).as("all that was sent is stored").isEqualTo(sent.get());
      assertThat(harness.number("SELECT count(*) FROM events"))
          .isEqualTo(stored.get() + warm.length + quiet.length + flooded.length);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> harness.number("SELECT count(*) FROM unfolded_batches") == 0);
      Invariant.check(harness.database);
    }
  }

  private long most;

  /**
   * One event every 50 ms, at most so many calls at once; the latency of each, from when it should
   * have been sent.
   */
  private long[] behave(IngestHarness harness, Duration time) {
    Collection<Long> latencies = new LinkedBlockingQueue<>();
    Collection<Throwable> errors = new LinkedBlockingQueue<>();
    AppendRequest request =
        AppendRequest.newBuilder().addEvents(IngestHarness.event("2001-01-01T00:00:00Z")).build();
    int calls = 0;
    long begin = System.nanoTime();
    for (long due = begin; due - begin < time.toNanos(); due += 50_000_000) {
      while (System.nanoTime() < due || calls - latencies.size() - errors.size() >= AT_ONCE) {
        most = Math.max(most, harness.server.inFlightBytes());
        LockSupport.parkNanos(500_000);
      }
      long from = due;
      calls++;
      ClientCalls.asyncUnaryCall(
          harness.channel.newCall(IngestServiceGrpc.getAppendMethod(), CallOptions.DEFAULT),
          request,
          new StreamObserver<AppendResponse>() {
            @Override
            public void onNext(AppendResponse response) {
              latencies.add(System.nanoTime() - from);
            }

            @Override
            public void onError(Throwable error) {
              errors.add(error);
            }

            @Override
            public void onCompleted() {}
          });
    }
    int all = calls;
    await().atMost(Duration.ofSeconds(60)).until(() -> latencies.size() + errors.size() == all);
    assertThat(errors).as("none is refused").isEmpty();
    return latencies.stream().mapToLong(Long::longValue).sorted().toArray();
  }

  private static double p99(long[] sorted) {
    return sorted[sorted.length * 99 / 100];
  }

  private static AppendStreamRequest message() {
    Random random = new Random(9);
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < EVENTS; i++) {
      request.addEvents(
          IngestHarness.event("2001-01-01T00:00:00Z")
              .setOccurredAt(Timestamp.newBuilder().setSeconds(978_307_200L + random.nextInt(60)))
              .setEntityId("e" + random.nextInt(10_000)));
    }
    return AppendStreamRequest.newBuilder().setAppend(request).build();
  }

  /** Sends as fast as it may. */
  private final class Flood
      implements ClientResponseObserver<AppendStreamRequest, AppendStreamResponse> {
    private static final AppendStreamRequest MESSAGE = message();
    private @Nullable ClientCallStreamObserver<AppendStreamRequest> requests;
    private boolean closed;
    volatile boolean ended;
    volatile @Nullable Throwable error;

    @Override
    public void beforeStart(ClientCallStreamObserver<AppendStreamRequest> stream) {
      requests = stream;
      stream.setOnReadyHandler(this::send);
    }

    private synchronized void send() {
      var out = Objects.requireNonNull(requests);
      while (!closed && !enough && out.isReady()) {
        sent.addAndGet(EVENTS);
        out.onNext(MESSAGE);
      }
    }

    synchronized void end() {
      if (!closed) {
        closed = true;
        Objects.requireNonNull(requests).onCompleted();
      }
    }

    @Override
    public void onNext(AppendStreamResponse response) {
      stored.addAndGet(response.getAppend().getStoredCount());
      send();
    }

    @Override
    public void onError(Throwable failure) {
      error = failure;
      ended = true;
    }

    @Override
    public void onCompleted() {
      ended = true;
    }
  }
}
