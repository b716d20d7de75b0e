package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.StatusMapper;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * One append stream. It stays in one lane, which keeps its order. It reads one message at a time,
 * and the next only when the last one has entered the lane, the client reads its answers, and not
 * too many answers are owed.
 *
 * <p>Concurrency: the event loop calls the observer, the lane's thread brings outcomes, a timer
 * ends waits. All of them take this object's monitor, which is held for a few field accesses and a
 * non-blocking send; gRPC's observer is not safe for several threads, so something must order them.
 */
final class AppendStreamCall implements StreamObserver<byte[]> {
  private static final int MAX_OWED = 256;

  private final Doors doors;
  private final OpenStreams open;
  private final ServerCallStreamObserver<AppendStreamResponse> call;
  private final Runnable drain = this::drain;

  private @Nullable LaneTicket ticket;
  private String producerId = "";
  private int owed;
  private boolean entering;
  private boolean requested;
  private boolean clientDone;
  private boolean ended;
  // Why reading has ended; requests read before are still answered.
  private @Nullable Failure failure;
  // A request has failed in the lane: nothing behind it may be acknowledged, for answers come in
  // order.
  private boolean broken;
  private long durableSequence;

  AppendStreamCall(
      Doors doors, OpenStreams open, ServerCallStreamObserver<AppendStreamResponse> call) {
    this.doors = doors;
    this.open = open;
    this.call = call;
  }

  /** Begins to read. To be called while the call is being set up. */
  void start() {
    call.disableAutoRequest();
    call.setOnReadyHandler(this::readOn);
    call.setOnCancelHandler(this::cancelled);
    open.add(drain);
    readOn();
  }

  @Override
  public synchronized void onNext(byte[] bytes) {
    requested = false;
    if (failure != null || ended) {
      return;
    }
    try {
      AppendMessage message = AppendMessage.ofStream(bytes);
      String producer = sameProducer(message);
      PendingAppend request = AppendRequests.of(message, doors.acceptance(), this::told);
      entering = true;
      owed++;
      ticket(producer).submit(request);
    } catch (InvalidProtocolBufferException e) {
      fail(Requests.malformed(e));
    } catch (WindrowException e) {
      fail(e.failure());
    }
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

  private String sameProducer(AppendMessage message) {
    String producer = message.header().getProducerId();
    if (ticket != null && !producer.equals(producerId)) {
      throw Failure.invalid("append.producer_id", "must stay the same within a stream")
          .toException();
    }
    return producer;
  }

  private LaneTicket ticket(String producer) {
    if (ticket == null) {
      producerId = producer;
      var lane = producer.isEmpty() ? doors.lanes().any() : doors.lanes().of(producer);
      ticket = new LaneTicket(this, doors, lane, this::entered, this::refused);
    }
    return ticket;
  }

  private void entered() {
    entering = false;
    readOn();
  }

  private void refused(Failure why) {
    entering = false;
    owed--;
    fail(why);
  }

  private synchronized void told(AppendOutcome outcome) {
    owed--;
    if (ended) {
      return;
    }
    if (outcome instanceof AppendOutcome.Failed failed) {
      if (!broken) {
        // It came before whatever ended the reading, so it is what the client must be told.
        broken = true;
        failure = failed.failure();
      }
    } else if (!broken) {
      acknowledge((AppendOutcome.Durable) outcome);
      readOn();
    }
    endIfDone();
  }

  private void acknowledge(AppendOutcome.Durable durable) {
    durableSequence = Math.max(durableSequence, durable.durableSequence());
    if (!call.isCancelled()) {
      call.onNext(AppendStreamResponse.newBuilder().setAppend(AppendResponses.of(durable)).build());
    }
  }

  private synchronized void readOn() {
    if (!requested
        && !entering
        && !ended
        && !clientDone
        && failure == null
        && owed < MAX_OWED
        && call.isReady()) {
      requested = true;
      call.request(1);
    }
  }

  private synchronized void drain() {
    if (failure == null && !ended) {
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
    if (ended || owed > 0) {
      return;
    }
    Failure why = failure;
    if (why != null) {
      end();
      if (!call.isCancelled()) {
        call.onError(
            StatusMapper.toStatus(
                why.with("durable_sequence", Long.toString(durableSequence)).toException()));
      }
    } else if (clientDone) {
      end();
      if (!call.isCancelled()) {
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
    open.remove(drain);
    if (ticket != null) {
      ticket.cancel();
    }
  }
}
