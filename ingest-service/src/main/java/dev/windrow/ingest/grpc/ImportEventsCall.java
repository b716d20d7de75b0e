package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EncodedEvents;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.Client;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.v1.ImportEventsResponse;
import dev.windrow.runtime.error.Failure;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * One import. Events gather while the chunk before them is being flushed, so chunks are as large as
 * the database is slow, up to a bound at which reading stops. One chunk at a time is under way:
 * when one fails, nothing behind it has been stored.
 */
final class ImportEventsCall extends StreamCall<ImportEventsResponse> {
  private static final int CHUNK_EVENTS = 5_000;
  private static final int CHUNK_BYTES = 2 << 20;
  private static final int REJECTIONS = 100;

  private final LaneTicket ticket;
  private final ImportEventsResponse.Builder response = ImportEventsResponse.newBuilder();

  private EncodedEvents chunk = emptyChunk();
  private int underWay;
  private long durableEvents;

  ImportEventsCall(
      Doors doors,
      OpenStreams open,
      Client client,
      ServerCallStreamObserver<ImportEventsResponse> call) {
    super(doors, open, call);
    this.ticket =
        new LaneTicket(this, doors, doors.lanes().stream(client, ""), () -> {}, this::refused);
  }

  @Override
  void take(byte[] event) {
    chunk.append(event);
    submitChunk();
  }

  @Override
  boolean hasRoom() {
    return chunk.size() < CHUNK_EVENTS && chunk.bytes() < CHUNK_BYTES;
  }

  // What has gathered is stored if reading ended well, and given up otherwise.
  @Override
  boolean isOwing() {
    return underWay > 0 || (reads() && chunk.size() > 0);
  }

  private void submitChunk() {
    if (underWay > 0 || chunk.size() == 0 || !reads()) {
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
    if (isEnded()) {
      return;
    }
    if (outcome instanceof AppendOutcome.Failed failed) {
      underWay = 0;
      failEarlier(failed.failure());
      return;
    }
    count((AppendOutcome.Durable) outcome);
    submitChunk();
    readOn();
    endIfDone();
  }

  private void count(AppendOutcome.Durable durable) {
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
  }

  private void refused(Failure why) {
    underWay = 0;
    fail(why);
  }

  @Override
  void finish() {
    call.onNext(response.build());
  }

  // The one answer of an import is its last: the error itself says how far it has come.
  @Override
  void takeLeave() {}

  @Override
  Failure describe(Failure why) {
    return why.with("durable_events", Long.toString(durableEvents));
  }

  @Override
  void release() {
    chunk = emptyChunk();
    ticket.cancel();
  }
}
