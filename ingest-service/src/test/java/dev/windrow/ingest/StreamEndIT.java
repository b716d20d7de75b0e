package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.AppendStreamResponse.MessageCase;
import dev.windrow.ingest.v1.ImportEventsResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a server says on a stream that is idle, and on one that it ends. */
class StreamEndIT {
  private static AppendStreamRequest message(long sequence) {
    return AppendStreamRequest.newBuilder()
        .setAppend(
            AppendRequest.newBuilder()
                .addEvents(IngestHarness.event("2001-01-01T00:00:00Z"))
                .setProducerId("p")
                .setSequence(sequence))
        .build();
  }

  private static List<MessageCase> cases(Answers<AppendStreamResponse> answers) {
    return answers.all.stream().map(AppendStreamResponse::getMessageCase).toList();
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    ErrorInfo info =
        Objects.requireNonNull(StatusProto.fromThrowable(error))
            .getDetails(0)
            .unpack(ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo("GOING_AWAY");
    return info;
  }

  @Test
  void idleStream_hasHeartbeats() {
    try (IngestHarness harness = IngestHarness.start("WINDROW_STREAM_HEARTBEAT", "PT0.2S")) {
      Answers<AppendStreamResponse> answers = new Answers<>();
      StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
      requests.onNext(message(1));

      await().until(() -> answers.all.size() == 4);

      assertThat(cases(answers).subList(0, 4))
          .containsExactly(
              MessageCase.APPEND,
              MessageCase.HEARTBEAT,
              MessageCase.HEARTBEAT,
              MessageCase.HEARTBEAT);
      var heartbeat = answers.all.get(3).getHeartbeat();
      assertThat(heartbeat.getDurableSequence()).isEqualTo(1);
      assertThat(heartbeat.getServerTime().getSeconds())
          .isBetween(Instant.now().getEpochSecond() - 60, Instant.now().getEpochSecond());
      requests.onNext(message(2));
      await()
          .until(
              () ->
                  answers.all.stream().anyMatch(a -> a.getAppend().getDurableSequence() == 2)
                      && answers.all.get(answers.all.size() - 1).hasHeartbeat());
      requests.onCompleted();
      assertThat(answers.end).succeedsWithin(java.time.Duration.ofSeconds(20));
    }
  }

  @Test
  void stream_ofAServerThatStops_isToldWhereToResume() throws Exception {
    try (IngestHarness harness = IngestHarness.start()) {
      Answers<AppendStreamResponse> answers = new Answers<>();
      StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
      for (int sequence = 1; sequence <= 3; sequence++) {
        requests.onNext(message(sequence));
      }
      await().until(() -> answers.all.size() == 3);

      harness.server.close();

      assertThat(info(answers.error()).getMetadataMap()).containsEntry("durable_sequence", "3");
      assertThat(answers.all).hasSize(4);
      var goingAway = answers.all.get(3).getGoingAway();
      assertThat(goingAway.getDurableSequence()).isEqualTo(3);
      assertThat(goingAway.getResumeSequence()).isEqualTo(4);
    }
  }

  @Test
  void stream_ofAnOldConnection_isToldToResume_andDoesSoOnAnother() throws Exception {
    try (IngestHarness harness = IngestHarness.start("WINDROW_MAX_CONNECTION_AGE", "PT1S")) {
      long next = 1;
      for (int life = 0; life < 3; life++) {
        Answers<AppendStreamResponse> answers = new Answers<>();
        StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
        requests.onNext(message(next));

        assertThat(info(answers.error()).getMetadataMap())
            .containsEntry("durable_sequence", Long.toString(next));

        assertThat(cases(answers)).containsExactly(MessageCase.APPEND, MessageCase.GOING_AWAY);
        next = answers.all.get(1).getGoingAway().getResumeSequence();
      }
      assertThat(next).isEqualTo(4);
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(3);
    }
  }

  @Test
  void import_onAnOldConnection_isToldHowFarItCame() throws Exception {
    try (IngestHarness harness = IngestHarness.start("WINDROW_MAX_CONNECTION_AGE", "PT1S")) {
      Answers<ImportEventsResponse> answers = new Answers<>();
      StreamObserver<Event> events = harness.asyncStub().importEvents(answers);
      for (int i = 0; i < 7; i++) {
        events.onNext(IngestHarness.event("2001-01-01T00:00:00Z").build());
      }

      assertThat(info(answers.error()).getMetadataMap()).containsEntry("durable_events", "7");
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(7);
    }
  }
}
