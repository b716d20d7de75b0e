package dev.windrow.benchmarks.harness;

import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * One append stream of a producer, which numbers its messages if it has a name. It sends while gRPC
 * is ready and not too many messages are unacknowledged; what it was given and cannot send yet
 * waits, and its time counts.
 *
 * <p>Concurrency: whoever offers messages and the channel's event loop, which brings readiness and
 * answers, take this object's monitor.
 */
public final class ProducerStream extends ClientCall.Listener<AppendStreamResponse> {
  private static final int MAX_UNACKNOWLEDGED = 64;

  private final ClientCall<RawAppend.Request, AppendStreamResponse> call;
  private final String producerId;
  private final Histogram micros;
  private final Queue<Outgoing> waiting = new ArrayDeque<>();
  private final Queue<Outgoing> unacknowledged = new ArrayDeque<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);
  private Queue<Message> source = new ArrayDeque<>(0);
  private long sequence;
  private long stored;
  private long lastAckNanos;

  /**
   * @param producerId empty for a producer without a name
   * @param micros takes the latency of each message; shared, so safe for several threads
   */
  public ProducerStream(Channel channel, String producerId, Histogram micros) {
    this.producerId = producerId;
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

  /**
   * Sends what is in the queue, as fast as it may, until nothing is; each one's latency counts from
   * its being sent.
   *
   * @param messages safe for several threads if several streams take from it
   */
  public synchronized CompletableFuture<Void> sendAll(Queue<Message> messages) {
    busy();
    source = messages;
    pump();
    rest();
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
    // Others may have taken all that was left.
    rest();
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
    rest();
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
    while (unacknowledged.size() < MAX_UNACKNOWLEDGED && call.isReady()) {
      Outgoing next = waiting.poll();
      if (next == null) {
        Message message = source.poll();
        if (message == null) {
          return;
        }
        next = new Outgoing(message, System.nanoTime());
      }
      unacknowledged.add(next);
      sequence++;
      call.sendMessage(new RawAppend.Request(next.message(), producerId, sequence));
    }
  }

  private void rest() {
    if (waiting.isEmpty() && unacknowledged.isEmpty() && source.isEmpty()) {
      idle.complete(null);
    }
  }
}
