package dev.windrow.quickstart.exactness;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.ingest.v1.RejectionReason;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One client. Half of the clients number their requests and repeat some of them; the others give
 * ids to their events and send some of those again. Both repeat what was not acknowledged, until it
 * is. Each request costs a permit, so the amount of traffic follows the test and not the machine.
 */
final class Traffic implements Runnable {
  private final Channel channel;
  private final String name;
  private final boolean numbered;
  private final Random random;
  private final Semaphore permits;
  private final RandomEvents events;
  private final List<Event> remembered = new ArrayList<>();
  private volatile boolean stopping;
  private final AtomicLong distinct = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private long sequence;

  Traffic(Channel channel, String name, boolean numbered, long seed, Semaphore permits) {
    this.channel = channel;
    this.name = name;
    this.numbered = numbered;
    this.random = new Random(seed);
    this.permits = permits;
    this.events = new RandomEvents(random);
  }

  /** How many different events it has sent, until they were answered. */
  long distinct() {
    return distinct.get();
  }

  /**
   * How many answers were that an event was too old: not more events than that are missing. One
   * that is sent again may be too old by then, and stored all the same.
   */
  long refused() {
    return refused.get();
  }

  /** Ends after the request under way, which is repeated until it is acknowledged. */
  void stop() {
    stopping = true;
    permits.release(10);
  }

  @Override
  public void run() {
    while (!stopping) {
      permits.acquireUninterruptibly();
      AppendRequest request = numbered ? numbered() : identified();
      for (Rejection rejection : send(request).getRejectionsList()) {
        if (rejection.getReason() != RejectionReason.REJECTION_REASON_TOO_OLD) {
          throw new AssertionError(name + ": " + rejection);
        }
        refused.incrementAndGet();
      }
      if (numbered && random.nextInt(5) == 0) {
        AppendResponse repeated = send(request);
        if (!repeated.getDuplicateRequest()) {
          throw new AssertionError(name + ": a repeat was stored: " + repeated);
        }
      }
    }
  }

  private AppendRequest numbered() {
    AppendRequest.Builder request =
        AppendRequest.newBuilder().setProducerId(name).setSequence(++sequence);
    for (int i = random.nextInt(30); i >= 0; i--) {
      request.addEvents(events.next(name + "/" + distinct.getAndIncrement()));
    }
    return request.build();
  }

  private AppendRequest identified() {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      if (!remembered.isEmpty() && random.nextInt(4) == 0) {
        request.addEvents(remembered.get(random.nextInt(remembered.size())));
      } else {
        String id = name + "/" + distinct.getAndIncrement();
        Event event = events.next(id).setEventId(id).build();
        remembered.add(event);
        request.addEvents(event);
      }
    }
    return request.build();
  }

  private AppendResponse send(AppendRequest request) {
    while (true) {
      try {
        return IngestServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .append(request);
      } catch (StatusRuntimeException e) {
        Status.Code code = e.getStatus().getCode();
        if (code != Status.Code.UNAVAILABLE && code != Status.Code.RESOURCE_EXHAUSTED) {
          throw e;
        }
      }
    }
  }
}
