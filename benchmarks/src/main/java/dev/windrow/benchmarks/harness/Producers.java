package dev.windrow.benchmarks.harness;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** The streams of one load, over some connections, and the latencies of all their messages. */
public final class Producers implements AutoCloseable {
  private static final int SIGNIFICANT_DIGITS = 3;
  private static final long STALL_SECONDS = 120;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<ProducerStream> streams = new ArrayList<>();
  private final Histogram micros = new ConcurrentHistogram(SIGNIFICANT_DIGITS);

  /**
   * Opens all streams and waits until they can be written to.
   *
   * @param name which none had before, because sequences begin with 1; empty for producers without
   *     names
   */
  public Producers(int port, int streamCount, int channelCount, String name)
      throws InterruptedException, ExecutionException {
    for (int i = 0; i < channelCount; i++) {
      channels.add(
          NettyChannelBuilder.forAddress("localhost", port)
              .usePlaintext()
              .directExecutor()
              .build());
    }
    List<CompletableFuture<Void>> ready = new ArrayList<>();
    for (int i = 0; i < streamCount; i++) {
      // Neighbours share a connection: if there are several lanes they are in different ones, so
      // each connection feeds all.
      ManagedChannel channel = channels.get((int) ((long) i * channelCount / streamCount));
      ProducerStream stream =
          new ProducerStream(channel, name.isEmpty() ? "" : name + "-" + i, micros);
      streams.add(stream);
      ready.add(stream.open());
    }
    await(ready);
  }

  public List<ProducerStream> streams() {
    return streams;
  }

  public Histogram micros() {
    return micros;
  }

  /** Events that answers have called stored. */
  public long stored() {
    return streams.stream().mapToLong(ProducerStream::stored).sum();
  }

  /** When the last answer of all came. */
  public long lastAckNanos() {
    return streams.stream().mapToLong(ProducerStream::lastAckNanos).max().orElseThrow();
  }

  /** Waits for all of them; however slow it is, as long as it goes on. */
  public void await(List<CompletableFuture<Void>> all)
      throws InterruptedException, ExecutionException {
    // The first failure ends the waiting: the other streams may never end.
    CompletableFuture<Object> failed = new CompletableFuture<>();
    CompletableFuture<?>[] each =
        all.stream()
            .map(
                one ->
                    one.whenComplete(
                        (ok, error) -> {
                          if (error != null) {
                            failed.completeExceptionally(error);
                          }
                        }))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture<Object> done = CompletableFuture.anyOf(failed, CompletableFuture.allOf(each));
    long before = -1;
    while (true) {
      try {
        done.get(STALL_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        long now = stored();
        if (now == before) {
          throw new IllegalStateException(
              "no answer for " + STALL_SECONDS + " s, after " + now + " events", e);
        }
        before = now;
      }
    }
  }

  @Override
  public void close() {
    streams.forEach(ProducerStream::end);
    channels.forEach(ManagedChannel::shutdown);
  }
}
