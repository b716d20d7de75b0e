package dev.windrow.quickstart;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Events that keep arriving while questions are asked: 100 a second, of type {@code demo.tick},
 * happening now. The counters let a reader check that what is acknowledged is counted.
 */
final class LiveTicks implements AutoCloseable {
  static final String TYPE = "demo.tick";
  private static final int BATCH = 10;

  private final AppendClient client;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  // Sequences written by the timer's thread and read by the report; each is monotone.
  private volatile long sent;
  private volatile long acknowledged;

  LiveTicks(AppendClient client) {
    this.client = client;
  }

  void start() {
    long durable = client.durableSequence();
    sent = durable;
    acknowledged = durable;
    var unused = timer.scheduleAtFixedRate(this::tick, 0, 100, TimeUnit.MILLISECONDS);
  }

  /** Events of all runs that were sent, acknowledged or not. */
  long sentEvents() {
    return sent * BATCH;
  }

  /** Events of all runs that were acknowledged. */
  long acknowledgedEvents() {
    return acknowledged * BATCH;
  }

  private void tick() {
    long sequence = acknowledged + 1;
    sent = sequence;
    try {
      client.append(events(sequence), sequence);
      acknowledged = sequence;
    } catch (StatusRuntimeException e) {
      // Tried again with the same sequence by the next tick.
    }
  }

  private static List<Event> events(long sequence) {
    Instant now = Instant.now();
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      events.add(
          Event.newBuilder()
              .setOccurredAt(
                  Timestamp.newBuilder()
                      .setSeconds(now.getEpochSecond())
                      .setNanos(now.getNano() / 1000 * 1000))
              .setSource("quickstart")
              .setType(TYPE)
              .setEntityId("tick-" + i)
              .setStatus(sequence % 10 == 0 ? "skipped" : "ok")
              .setValue((double) (sequence % 100))
              .build());
    }
    return events;
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
