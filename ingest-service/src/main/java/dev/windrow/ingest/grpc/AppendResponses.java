package dev.windrow.ingest.grpc;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.GoingAway;
import dev.windrow.ingest.v1.Heartbeat;
import dev.windrow.ingest.v1.Rejection;
import dev.windrow.ingest.v1.RejectionReason;
import java.time.Instant;

/** From what became of a request to the response of the contract. */
final class AppendResponses {
  private AppendResponses() {}

  static AppendResponse of(AppendOutcome.Durable durable) {
    var response =
        AppendResponse.newBuilder()
            .setStoredCount(durable.storedCount())
            .setDuplicateCount(durable.duplicateCount())
            .setDuplicateRequest(durable.duplicateRequest())
            .setDurableSequence(durable.durableSequence())
            .setPosition(durable.position());
    durable.rejected().forEach(event -> response.addRejections(rejection(event, 0)));
    return response.build();
  }

  static AppendStreamResponse heartbeat(long durableSequence, Instant now) {
    return AppendStreamResponse.newBuilder()
        .setHeartbeat(
            Heartbeat.newBuilder().setDurableSequence(durableSequence).setServerTime(time(now)))
        .build();
  }

  static AppendStreamResponse goingAway(long durableSequence) {
    return AppendStreamResponse.newBuilder()
        .setGoingAway(
            GoingAway.newBuilder()
                .setDurableSequence(durableSequence)
                .setResumeSequence(durableSequence == 0 ? 0 : durableSequence + 1))
        .build();
  }

  /**
   * @param offset of the request's first event in what the client counts
   */
  static Rejection rejection(RejectedEvent event, long offset) {
    return Rejection.newBuilder()
        .setIndex(offset + event.index())
        .setReason(reason(event.reason()))
        .setField(event.field())
        .setMessage(event.message())
        .setRejectedTime(time(event.at()))
        .setRetryable(event.reason().retryable())
        .build();
  }

  private static Timestamp time(Instant at) {
    return Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()).build();
  }

  private static RejectionReason reason(RejectedEvent.Reason reason) {
    return switch (reason) {
      case MISSING_FIELD -> RejectionReason.REJECTION_REASON_MISSING_FIELD;
      case TOO_LONG -> RejectionReason.REJECTION_REASON_TOO_LONG;
      case INVALID_VALUE -> RejectionReason.REJECTION_REASON_INVALID_VALUE;
      case TOO_OLD -> RejectionReason.REJECTION_REASON_TOO_OLD;
      case TOO_FAR_IN_FUTURE -> RejectionReason.REJECTION_REASON_TOO_FAR_IN_FUTURE;
      case PAYLOAD_MISMATCH -> RejectionReason.REJECTION_REASON_PAYLOAD_MISMATCH;
    };
  }
}
