package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EncodedEvents;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.v1.ImportEventsResponse;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * One import. Events gather while the chunk before them is being flushed, so chunks are as large as
 * the database is slow, up to a bound at which reading stops. One chunk at a time is under way:
 * when one fails, nothing behind it has been stored.
 *
 * <p>Concurrency: as {@link AppendStreamCall}.
 */
final class ImportEventsCall implements StreamObserver<byte[]> {
  private static final int CHUNK_EVENTS = 5_000;
  private static final int CHUNK_BYTES = 2 << 20;
  private static final int REJECTIONS = 100;

  private final Doors doors;
  private final OpenStreams open;
  private final ServerCallStreamObserver<ImportEventsResponse> call;
  private final LaneTicket ticket;
  private final Runnable drain = this::drain;
  private final ImportEventsResponse.Builder response = ImportEventsResponse.newBuilder();

  private EncodedEvents chunk = emptyChunk();
  private int underWay;
  private long durableEvents;
  private boolean requested;
  private boolean clientDone;
  private boolean ended;
  private @Nullable Failure failure;

  ImportEventsCall(
      Doors doors, OpenStreams open, ServerCallStreamObserver<ImportEventsResponse> call) {
    this.doors = doors;
    this.open = open;
    this.call = call;
    this.ticket = new LaneTicket(this, doors, doors.lanes().any(), () -> {}, this::refused);
  }

  /** Begins to read. To be called while the call is being set up. */
  void start() {
    call.disableAutoRequest();
    call.setOnCancelHandler(this::cancelled);
    open.add(drain);
    readOn();
  }

  @Override
  public synchronized void onNext(byte[] event) {
    requested = false;
    if (failure != null || ended) {
      return;
    }
    chunk.append(event);
    submitChunk();
    readOn();
  }

  @Override
  public synchronized void onError(Throwable error) {
    cancelled();
  }

  @Override
  public synchronized void onCompleted() {
    clientDone = true;
    endIfDone();
  }

  private void submitChunk() {
    if (underWay > 0 || chunk.size() == 0 || failure != null || ended) {
      return;
    }
    EncodedEvents events = chunk;
    chunk = emptyChunk();
    try {
      AcceptedBatch batch = doors.acceptance().accept(events);
      underWay = events.size();
      ticket.submit(new PendingAppend(null, batch, this::told));
    } catch (InvalidProtocolBufferException e) {
      fail(Requests.malformed(e));
    }
  }

  private static EncodedEvents emptyChunk() {
    return new EncodedEvents(new byte[1024]);
  }

  private synchronized void told(AppendOutcome outcome) {
    if (ended) {
      return;
    }
    if (outcome instanceof AppendOutcome.Failed failed) {
      refused(failed.failure());
      return;
    }
    AppendOutcome.Durable durable = (AppendOutcome.Durable) outcome;
    response
        .setStoredCount(response.getStoredCount() + durable.storedCount())
        .setDuplicateCount(response.getDuplicateCount() + durable.duplicateCount())
        .setRejectedCount(response.getRejectedCount() + durable.rejected().size());
    if (!durable.position().isEmpty()) {
      response.setPosition(durable.position());
    }
    for (RejectedEvent event : durable.rejected()) {
      if (response.getRejectionsCount() < REJECTIONS) {
        response.addRejections(AppendResponses.rejection(event, durableEvents));
      }
    }
    durableEvents += underWay;
    underWay = 0;
    submitChunk();
    readOn();
    endIfDone();
  }

  private void refused(Failure why) {
    underWay = 0;
    fail(why);
  }

  private synchronized void readOn() {
    if (!requested
        && !ended
        && !clientDone
        && failure == null
        && chunk.size() < CHUNK_EVENTS
        && chunk.bytes() < CHUNK_BYTES) {
      requested = true;
      call.request(1);
    }
  }

  private synchronized void drain() {
    if (!ended) {
      fail(Doors.goingAway());
    }
  }

  private void fail(Failure why) {
    if (failure == null) {
      failure = why;
    }
    endIfDone();
  }

  private void endIfDone() {
    if (ended || underWay > 0) {
      return;
    }
    Failure why = failure;
    if (why != null) {
      end();
      if (!call.isCancelled()) {
        call.onError(
            StatusMapper.toStatus(
                why.with("durable_events", Long.toString(durableEvents)).toException()));
      }
    } else if (clientDone && chunk.size() == 0) {
      end();
      if (!call.isCancelled()) {
        call.onNext(response.build());
        call.onCompleted();
      }
    }
  }

  private synchronized void cancelled() {
    if (!ended) {
      end();
    }
  }

  private void end() {
    ended = true;
    chunk = emptyChunk();
    open.remove(drain);
    ticket.cancel();
  }
}
