package dev.windrow.ingest.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.EventAcceptance;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import dev.windrow.ingest.lane.SourceWatermark;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.runtime.error.Failure;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** From the request of the contract to what waits in a lane. */
final class AppendRequests {
  static final int MAX_EVENTS = 10_000;
  private static final int PRODUCER_CHARS = 200;

  private AppendRequests() {}

  /**
   * @throws InvalidProtocolBufferException if an event's bytes are none
   * @throws dev.windrow.runtime.error.WindrowException if the request itself, not an event of it,
   *     is wrong
   */
  static PendingAppend of(
      AppendMessage request, EventAcceptance acceptance, Consumer<AppendOutcome> done)
      throws InvalidProtocolBufferException {
    int events = request.events().size();
    Producer producer = producer(request.header(), events);
    List<SourceWatermark> watermarks =
        SourceWatermarks.of(request.header(), acceptance.newestTaken());
    boolean claim = producer != null && producer.isClaim();
    if (events == 0 && watermarks.isEmpty() && !claim) {
      throw Failure.invalid("events", "must not be empty").toException();
    }
    if (events > MAX_EVENTS) {
      throw Failure.invalid("events", "must be at most " + MAX_EVENTS + ", got " + events)
          .toException();
    }
    AcceptedBatch batch = events == 0 ? AcceptedBatch.EMPTY : acceptance.accept(request.events());
    return new PendingAppend(producer, batch, request.header().getAllOrNothing(), watermarks, done);
  }

  private static @Nullable Producer producer(AppendRequest request, int events) {
    String id = request.getProducerId();
    if (id.isEmpty()) {
      if (request.getSequence() != 0) {
        throw Failure.invalid("sequence", "needs a producer_id, got " + request.getSequence())
            .toException();
      }
      if (request.getProducerEpoch() != 0) {
        throw Failure.invalid(
                "producer_epoch", "needs a producer_id, got " + request.getProducerEpoch())
            .toException();
      }
      return null;
    }
    if (id.length() > PRODUCER_CHARS) {
      throw Failure.invalid(
              "producer_id",
              "must be at most " + PRODUCER_CHARS + " characters, got " + id.length())
          .toException();
    }
    if (id.indexOf('\0') >= 0) {
      throw Failure.invalid("producer_id", "must not contain U+0000").toException();
    }
    if (request.getProducerEpoch() < 0) {
      throw Failure.invalid(
              "producer_epoch", "must not be negative, got " + request.getProducerEpoch())
          .toException();
    }
    boolean says = events > 0 || request.getSourceWatermarksCount() > 0;
    if (request.getSequence() < 0 || (request.getSequence() == 0 && says)) {
      throw Failure.invalid("sequence", "must be at least 1, got " + request.getSequence())
          .toException();
    }
    return new Producer(id, request.getProducerEpoch(), request.getSequence());
  }
}
