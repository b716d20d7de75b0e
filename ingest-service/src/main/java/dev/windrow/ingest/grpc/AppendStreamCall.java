package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.Client;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One append stream. It reads one message at a time, and the next only when the last one has
 * entered the lane, the client reads its answers, and not too many answers are owed.
 *
 * <p>Heartbeats: twice in the longest silence that is allowed, a timer looks whether anything was
 * sent since it looked last. They begin with the first answer, because before it nothing is known
 * of the producer; one that the client does not take is not sent later.
 */
final class AppendStreamCall extends StreamCall<AppendStreamResponse> {
  private static final int MAX_OWED = 256;

  private final Client client;
  private @Nullable LaneTicket ticket;
  private String producerId = "";
  private int owed;
  private boolean entering;
  // A request has failed in the lane: nothing behind it may be acknowledged, for answers come in
  // order.
  private boolean broken;
  private long durableSequence;
  private @Nullable ScheduledFuture<?> look;
  private boolean sentSinceLook;

  AppendStreamCall(
      Doors doors,
      OpenStreams open,
      Client client,
      ServerCallStreamObserver<AppendStreamResponse> call) {
    super(doors, open, call);
    this.client = client;
  }

  @Override
  void take(byte[] bytes) {
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
  boolean hasRoom() {
    return !entering && owed < MAX_OWED && call.isReady();
  }

  @Override
  boolean isOwing() {
    return owed > 0;
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
      ticket =
          new LaneTicket(
              this, doors, doors.lanes().stream(client, producer), this::entered, this::refused);
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
    if (isEnded()) {
      return;
    }
    if (outcome instanceof AppendOutcome.Failed failed) {
      if (!broken) {
        broken = true;
        failEarlier(failed.failure());
      }
    } else if (!broken) {
      acknowledge((AppendOutcome.Durable) outcome);
      readOn();
    }
    endIfDone();
  }

  private void acknowledge(AppendOutcome.Durable durable) {
    durableSequence = Math.max(durableSequence, durable.durableSequence());
    send(AppendStreamResponse.newBuilder().setAppend(AppendResponses.of(durable)).build());
    if (look == null) {
      lookLater();
    }
  }

  private void send(AppendStreamResponse response) {
    sentSinceLook = true;
    if (!call.isCancelled()) {
      call.onNext(response);
    }
  }

  private void lookLater() {
    long half = doors.heartbeat().toMillis() / 2;
    if (half > 0) {
      look = doors.timer().schedule(this::look, half, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void look() {
    if (isEnded()) {
      return;
    }
    if (sentSinceLook) {
      sentSinceLook = false;
    } else if (call.isReady()) {
      send(AppendResponses.heartbeat(durableSequence, doors.clock().instant()));
    }
    lookLater();
  }

  @Override
  void finish() {}

  @Override
  void takeLeave() {
    send(AppendResponses.goingAway(durableSequence));
  }

  @Override
  Failure describe(Failure why) {
    return why.with("durable_sequence", Long.toString(durableSequence));
  }

  @Override
  void release() {
    if (ticket != null) {
      ticket.cancel();
    }
    if (look != null) {
      look.cancel(false);
    }
  }
}
