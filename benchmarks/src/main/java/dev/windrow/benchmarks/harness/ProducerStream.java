package dev.windrow.benchmarks.harness;

import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One append stream of a named producer. It sends while gRPC is ready and not too many messages are
 * unacknowledged; what cannot be sent yet waits, and its time counts.
 *
 * <p>Concurrency: whoever offers messages and the channel's event loop, which brings readiness and
 * answers, take this object's monitor.
 */
public final class ProducerStream extends ClientCall.Listener<AppendStreamResponse> {
  private static final int MAX_UNACKNOWLEDGED = 64;
  private static final long NOW = 0;

  private final ClientCall<byte[], AppendStreamResponse> call;
  private final Histogram micros;
  private final Queue<Outgoing> waiting = new ArrayDeque<>();
  private final Queue<Outgoing> unacknowledged = new ArrayDeque<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
  private long stored;
  private long lastAckNanos;

  /**
   * @param micros takes the latency of each message; shared, so safe for several threads
   */
  public ProducerStream(Channel channel, Histogram micros) {
    this.call = channel.newCall(RawAppend.METHOD, CallOptions.DEFAULT);
    this.micros = micros;
  }

  /** A message and since when its answer is waited for. */
  private record Outgoing(Message message, long sinceNanos) {}

  /** Opens the stream; the future completes when it can be written to. */
  public CompletableFuture<Void> open() {
    call.start(this, new Metadata());
    call.request(Integer.MAX_VALUE);
    return ready;
  }

  /** Sends all of them as fast as it may; each one's latency counts from its being sent. */
  public synchronized CompletableFuture<Void> sendAll(Collection<Message> messages) {
    busy();
    messages.forEach(message -> waiting.add(new Outgoing(message, NOW)));
    pump();
    return idle;
  }

  /** Sends one; its latency counts from when it ought to have been sent. */
  public synchronized void send(Message message, long intendedNanos) {
    busy();
    waiting.add(new Outgoing(message, intendedNanos));
    pump();
  }

  /** Completes when everything that was offered so far has been answered. */
  public synchronized CompletableFuture<Void> idle() {
    return idle;
  }

  /** Events that answers have called stored. */
  public synchronized long stored() {
    return stored;
  }

  /** When the last answer came, in the terms of {@link System#nanoTime}. */
  public synchronized long lastAckNanos() {
    return lastAckNanos;
  }

  /** Ends the stream, which must be idle. */
  public synchronized void end() {
    call.halfClose();
  }

  @Override
  public synchronized void onReady() {
    ready.complete(null);
    pump();
  }

  @Override
  public synchronized void onMessage(AppendStreamResponse response) {
    if (!response.hasAppend()) {
      // A heartbeat: a stream that waits between phases hears one.
      return;
    }
    long now = System.nanoTime();
    Outgoing answered = unacknowledged.remove();
    AppendResponse append = response.getAppend();
    stored += append.getStoredCount();
    lastAckNanos = now;
    if (append.getStoredCount() != answered.message().events()) {
      idle.completeExceptionally(
          new IllegalStateException("not all events of a message were stored: " + append));
    }
    micros.recordValue(TimeUnit.NANOSECONDS.toMicros(now - answered.sinceNanos()));
    pump();
    if (waiting.isEmpty() && unacknowledged.isEmpty()) {
      idle.complete(null);
    }
  }

  @Override
  public synchronized void onClose(Status status, Metadata trailers) {
    if (!status.isOk()) {
      ready.completeExceptionally(status.asRuntimeException(trailers));
      idle.completeExceptionally(status.asRuntimeException(trailers));
    }
  }

  // A failure stays: whoever waits later must see it too.
  private void busy() {
    if (idle.isDone() && !idle.isCompletedExceptionally()) {
      idle = new CompletableFuture<>();
    }
  }

  private void pump() {
    while (!waiting.isEmpty() && unacknowledged.size() < MAX_UNACKNOWLEDGED && call.isReady()) {
      Outgoing next = waiting.remove();
      unacknowledged.add(
          next.sinceNanos() == NOW ? new Outgoing(next.message(), System.nanoTime()) : next);
      call.sendMessage(next.message().bytes());
    }
  }
}
