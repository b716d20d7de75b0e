package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.ImportEventsResponse;
import dev.windrow.ingest.v1.RejectionReason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AppendStreamIT {
  private static IngestHarness harness;

  @BeforeAll
  static void start() {
    harness = IngestHarness.start();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  private static AppendStreamRequest message(String producer, long sequence) {
    return AppendStreamRequest.newBuilder()
        .setAppend(
            AppendRequest.newBuilder()
                .addEvents(
                    IngestHarness.event("2001-01-01T00:00:00Z")
                        .setType(producer)
                        .setValue((double) sequence))
                .setProducerId(producer)
                .setSequence(sequence))
        .build();
  }

  @Test
  void appendStream_answersEachRequestInOrder() throws Exception {
    Answers<AppendStreamResponse> answers = new Answers<>();
    StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
    for (int sequence = 1; sequence <= 1000; sequence++) {
      requests.onNext(message("ordered", sequence));
    }
    requests.onCompleted();
    answers.end.get(30, TimeUnit.SECONDS);

    assertThat(answers.all).hasSize(1000);
    for (int i = 0; i < 1000; i++) {
      assertThat(answers.all.get(i).getAppend().getDurableSequence()).isEqualTo(i + 1);
    }
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'ordered'"))
        .isEqualTo(1000);
  }

  @Test
  void appendStream_withAGap_answersWhatCameBefore_thenEnds() throws Exception {
    Answers<AppendStreamResponse> answers = new Answers<>();
    StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
    requests.onNext(message("gapped", 1));
    requests.onNext(message("gapped", 2));
    requests.onNext(message("gapped", 4));
    requests.onNext(message("gapped", 3));

    StatusRuntimeException error = answers.error();

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
    var info =
        Objects.requireNonNull(StatusProto.fromThrowable(error))
            .getDetails(0)
            .unpack(ErrorInfo.class);
    assertThat(info.getMetadataMap())
        .containsEntry("expected_sequence", "3")
        .containsEntry("durable_sequence", "2");
    assertThat(answers.all).hasSize(2);
  }

  @Test
  void appendStream_withRepeats_acknowledgesWhatIsDurableByThen() throws Exception {
    Answers<AppendStreamResponse> answers = new Answers<>();
    StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
    for (long sequence : new long[] {1, 2, 1, 3, 2, 3, 4}) {
      requests.onNext(message("repeating", sequence));
    }
    requests.onCompleted();
    answers.end.get(30, TimeUnit.SECONDS);

    assertThat(answers.all)
        .extracting(answer -> answer.getAppend().getDurableSequence())
        .containsExactly(1L, 2L, 2L, 3L, 3L, 3L, 4L);
    assertThat(answers.all).allMatch(answer -> answer.getAppend().getStoredCount() == 1);
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'repeating'")).isEqualTo(4);
  }

  @Test
  void appendStream_ofAnOlderEpoch_isFenced() throws Exception {
    Answers<AppendStreamResponse> answers = new Answers<>();
    StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
    requests.onNext(message("zombie", 1));
    Awaitility.await().until(() -> answers.all.size() == 1);
    harness
        .stub()
        .append(AppendRequest.newBuilder().setProducerId("zombie").setProducerEpoch(1).build());

    requests.onNext(message("zombie", 2));

    StatusRuntimeException error = answers.error();
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    var info =
        Objects.requireNonNull(StatusProto.fromThrowable(error))
            .getDetails(0)
            .unpack(ErrorInfo.class);
    assertThat(info.getReason()).isEqualTo("PRODUCER_FENCED");
    assertThat(info.getMetadataMap())
        .containsEntry("current_epoch", "1")
        .containsEntry("durable_sequence", "1");
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'zombie'")).isEqualTo(1);
  }

  @Test
  void appendStream_thatChangesItsProducer_isRefused() throws Exception {
    Answers<AppendStreamResponse> answers = new Answers<>();
    StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
    requests.onNext(message("one", 1));
    requests.onNext(message("other", 1));

    assertThat(answers.error().getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(answers.all).hasSize(1);
  }

  @Test
  void importEvents_ofManySingleEvents_storesThemAndNamesTheRejected() throws Exception {
    Answers<ImportEventsResponse> answers = new Answers<>();
    StreamObserver<Event> events = harness.asyncStub().importEvents(answers);
    for (int i = 0; i < 12_000; i++) {
      Event.Builder event =
          IngestHarness.event("2001-01-01T00:00:00Z").setType("import").setEventId("i" + i);
      events.onNext(i == 7_777 ? event.setEntityId("").build() : event.build());
    }
    events.onNext(
        IngestHarness.event("2001-01-01T00:00:00Z").setType("import").setEventId("i0").build());
    events.onCompleted();
    answers.end.get(60, TimeUnit.SECONDS);

    ImportEventsResponse response = answers.all.get(0);
    assertThat(response.getStoredCount()).isEqualTo(11_999);
    assertThat(response.getDuplicateCount()).isEqualTo(1);
    assertThat(response.getRejectedCount()).isEqualTo(1);
    assertThat(response.getRejections(0).getIndex()).isEqualTo(7_777);
    assertThat(response.getRejections(0).getReason())
        .isEqualTo(RejectionReason.REJECTION_REASON_MISSING_FIELD);
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'import'"))
        .isEqualTo(11_999);
  }

  @Test
  void importEvents_ofNothing_answersZero() throws Exception {
    Answers<ImportEventsResponse> answers = new Answers<>();
    harness.asyncStub().importEvents(answers).onCompleted();
    answers.end.get(30, TimeUnit.SECONDS);

    assertThat(answers.all).containsExactly(ImportEventsResponse.getDefaultInstance());
  }

  @Test
  void appendStream_toAFullLane_isSlowedDown_thenRefused_andNothingAcknowledgedIsLost()
      throws Exception {
    try (IngestHarness small =
        IngestHarness.start(
            "WINDROW_LANE_REQUESTS", "4",
            "WINDROW_LANES", "1",
            "WINDROW_OVERLOAD_WAIT", "PT0.5S",
            "WINDROW_FLUSH_EVENTS", "1")) {
      small.stub().append(message("first", 1).getAppend());
      Answers<AppendStreamResponse> answers = new Answers<>();
      try (Connection lock = small.database.connect()) {
        lock.setAutoCommit(false);
        lock.createStatement().execute("LOCK TABLE ingest_batches IN ACCESS EXCLUSIVE MODE");
        StreamObserver<AppendStreamRequest> requests = small.asyncStub().appendStream(answers);
        for (int sequence = 1; sequence <= 50; sequence++) {
          requests.onNext(message("full", sequence));
        }
        Awaitility.await()
            .untilAsserted(
                () ->
                    assertThat(
                            small.number(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type ="
                                    + " 'Lock'"))
                        .isPositive());
        StatusRuntimeException unary = null;
        for (int tries = 0; unary == null && tries < 100; tries++) {
          try {
            small
                .stub()
                .withDeadlineAfter(100, TimeUnit.MILLISECONDS)
                .append(message("u", 1).getAppend());
          } catch (StatusRuntimeException e) {
            unary = e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED ? e : null;
          }
        }
        assertThat(
                Objects.requireNonNull(StatusProto.fromThrowable(Objects.requireNonNull(unary)))
                    .getDetails(0)
                    .unpack(ErrorInfo.class)
                    .getReason())
            .isEqualTo("OVERLOADED");
        // A stream that came later has waited out its time: so has the first one.
        Answers<AppendStreamResponse> later = new Answers<>();
        small.asyncStub().appendStream(later).onNext(message("later", 1));
        assertThat(later.error().getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        lock.rollback();
      }
      StatusRuntimeException error = answers.error();
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      long acknowledged =
          answers.all.stream().mapToLong(a -> a.getAppend().getDurableSequence()).max().orElse(0);
      assertThat(small.number("SELECT last_sequence FROM producers WHERE producer_id = 'full'"))
          .isEqualTo(acknowledged);
      assertThat(small.number("SELECT count(*) FROM events WHERE type = 'full'"))
          .isEqualTo(acknowledged);
    }
  }

  @Test
  void close_withAStreamOpen_answersWhatWasSent_thenSaysThatItGoesAway() throws Exception {
    IngestHarness leaving = IngestHarness.start();
    try {
      Answers<AppendStreamResponse> answers = new Answers<>();
      StreamObserver<AppendStreamRequest> requests = leaving.asyncStub().appendStream(answers);
      for (int sequence = 1; sequence <= 20; sequence++) {
        requests.onNext(message("leaving", sequence));
      }
      Awaitility.await().until(() -> answers.all.size() == 20);

      leaving.server.close();

      StatusRuntimeException error = answers.error();
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      var info =
          Objects.requireNonNull(StatusProto.fromThrowable(error))
              .getDetails(0)
              .unpack(ErrorInfo.class);
      assertThat(info.getReason()).isEqualTo("GOING_AWAY");
      assertThat(info.getMetadataMap()).containsEntry("durable_sequence", "20");
      assertThat(leaving.number("SELECT count(*) FROM events")).isEqualTo(20);
    } finally {
      leaving.close();
    }
  }
}
