package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.AppendStreamResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A request that wants all its events stored, or none. */
class AllOrNothingIT {
  private static IngestHarness harness;

  @BeforeAll
  static void start() {
    // One lane, so that what waits together is flushed together.
    harness = IngestHarness.start("WINDROW_LANES", "1");
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  private static Event.Builder event(String type) {
    return IngestHarness.event("2001-01-01T00:00:00Z").setType(type);
  }

  private static AppendRequest request(Event.Builder... events) {
    return AppendRequest.newBuilder()
        .addAllEvents(Arrays.stream(events).map(Event.Builder::build).toList())
        .build();
  }

  private static AppendRequest allOrNothing(Event.Builder... events) {
    return request(events).toBuilder().setAllOrNothing(true).build();
  }

  private static AppendRequest numbered(AppendRequest request, String producer, long sequence) {
    return request.toBuilder().setProducerId(producer).setSequence(sequence).build();
  }

  private static StatusRuntimeException refused(AppendRequest request) {
    try {
      harness.stub().append(request);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("was not refused");
  }

  private static long stored(String type) {
    return harness.number("SELECT count(*) FROM events WHERE type = '" + type + "'");
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    return Objects.requireNonNull(StatusProto.fromThrowable(error))
        .getDetails(0)
        .unpack(ErrorInfo.class);
  }

  private static List<String> fields(StatusRuntimeException error) throws Exception {
    return Objects.requireNonNull(StatusProto.fromThrowable(error))
        .getDetails(1)
        .unpack(BadRequest.class)
        .getFieldViolationsList()
        .stream()
        .map(BadRequest.FieldViolation::getField)
        .toList();
  }

  @Test
  void request_withBadEvents_storesNothing_andItsSequenceIsFree() throws Exception {
    AppendRequest bad =
        allOrNothing(
            event("bad"), event("bad").setSource(""), event("bad"), event("bad").clearOccurredAt());

    StatusRuntimeException error = refused(numbered(bad, "bad", 1));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(info(error).getReason()).isEqualTo("BATCH_REJECTED");
    assertThat(info(error).getMetadataMap())
        .containsEntry("rejected_count", "2")
        .containsEntry("event_count", "4");
    assertThat(fields(error)).containsExactly("events[1].source", "events[3].occurred_at");
    assertThat(stored("bad")).isZero();
    AppendResponse mended =
        harness.stub().append(numbered(allOrNothing(event("bad"), event("bad")), "bad", 1));
    assertThat(mended.getStoredCount()).isEqualTo(2);
    assertThat(mended.getDuplicateRequest()).isFalse();
    assertThat(mended.getDurableSequence()).isEqualTo(1);
  }

  @Test
  void request_withABadEvent_doesNotClaimItsEpoch() {
    harness.stub().append(numbered(request(event("epoch")), "epoch", 1));

    refused(
        numbered(allOrNothing(event("epoch").setSource("")), "epoch", 2).toBuilder()
            .setProducerEpoch(5)
            .build());

    assertThat(
            harness.stub().append(numbered(request(event("epoch")), "epoch", 2)).getStoredCount())
        .isEqualTo(1);
  }

  @Test
  void request_withAnIdThatIsTaken_storesNothing_andItsOtherIdsAreFree() throws Exception {
    harness.stub().append(request(event("ids").setEventId("taken")));
    AppendRequest mismatch =
        allOrNothing(
            event("ids").setEventId("free"), event("ids").setEventId("taken").setAmount(9));

    StatusRuntimeException error = refused(numbered(mismatch, "ids", 1));

    assertThat(info(error).getReason()).isEqualTo("BATCH_REJECTED");
    assertThat(fields(error)).containsExactly("events[1].event_id");
    assertThat(stored("ids")).isEqualTo(1);
    assertThat(
            harness
                .stub()
                .append(
                    numbered(allOrNothing(event("ids").setEventId("free").setAmount(8)), "ids", 1))
                .getStoredCount())
        .isEqualTo(1);
  }

  @Test
  void request_withDuplicates_isStored() {
    harness.stub().append(request(event("dup").setEventId("d1")));

    AppendResponse response =
        harness.stub().append(allOrNothing(event("dup").setEventId("d1"), event("dup")));

    assertThat(response.getStoredCount()).isEqualTo(1);
    assertThat(response.getDuplicateCount()).isEqualTo(1);
  }

  @Test
  void requests_thatAreFlushedTogether_areDecidedInTheirOrder() throws Exception {
    IngestServiceGrpc.IngestServiceFutureStub calls =
        IngestServiceGrpc.newFutureStub(harness.channel);
    List<ListenableFuture<AppendResponse>> answers = new ArrayList<>();
    try (Connection lock = harness.database.connect()) {
      lock.setAutoCommit(false);
      lock.createStatement().execute("LOCK TABLE ingest_batches IN ACCESS EXCLUSIVE MODE");
      answers.add(calls.append(request(event("together"))));
      Awaitility.await()
          .until(
              () ->
                  harness.number(
                          "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                      == 1);
      // All of these wait for the lane, and are one flush.
      answers.add(calls.append(request(event("together").setEventId("x"))));
      answers.add(calls.append(allOrNothing(event("together").setEventId("x").setAmount(9))));
      answers.add(
          calls.append(numbered(allOrNothing(event("together").setSource("")), "together", 1)));
      answers.add(calls.append(allOrNothing(event("together").setEventId("x"), event("together"))));
      answers.add(calls.append(numbered(request(event("together")), "together", 1)));
      // In order: a later request on the same connection has been read after them.
      harness.serving();
      lock.rollback();
    }

    List<String> told = new ArrayList<>();
    for (ListenableFuture<AppendResponse> answer : answers) {
      told.add(told(answer));
    }

    assertThat(told)
        .containsExactly(
            "stored 1", "stored 1", "INVALID_ARGUMENT", "INVALID_ARGUMENT", "stored 1", "stored 1");
    assertThat(stored("together")).isEqualTo(4);
  }

  private static String told(ListenableFuture<AppendResponse> answer) throws Exception {
    try {
      return "stored " + answer.get(20, TimeUnit.SECONDS).getStoredCount();
    } catch (ExecutionException e) {
      return Status.fromThrowable(e).getCode().name();
    }
  }

  @Test
  void stream_isEndedByIt_afterThoseBeforeWereAnswered() throws Exception {
    Answers<AppendStreamResponse> answers = new Answers<>();
    StreamObserver<AppendStreamRequest> requests = harness.asyncStub().appendStream(answers);
    for (AppendRequest append :
        List.of(
            numbered(allOrNothing(event("stream")), "stream", 1),
            numbered(allOrNothing(event("stream").setSource("")), "stream", 2),
            numbered(allOrNothing(event("stream")), "stream", 3))) {
      requests.onNext(AppendStreamRequest.newBuilder().setAppend(append).build());
    }

    StatusRuntimeException error = answers.error();

    assertThat(answers.all).hasSize(1);
    assertThat(info(error).getReason()).isEqualTo("BATCH_REJECTED");
    assertThat(info(error).getMetadataMap()).containsEntry("durable_sequence", "1");
    assertThat(stored("stream")).isEqualTo(1);
  }

  @Test
  void error_aboutTenThousandLongFields_reachesTheClient() throws Exception {
    AppendRequest.Builder request = AppendRequest.newBuilder().setAllOrNothing(true);
    for (int i = 0; i < 10_000; i++) {
      request.addEvents(
          Event.newBuilder()
              .setOccurredAt(event("long").getOccurredAt())
              .setSource("s")
              .setType("t")
              .setEntityId("e")
              .putAttributes("✈".repeat(100), "\0"));
    }

    StatusRuntimeException error = refused(request.build());

    assertThat(info(error).getReason()).isEqualTo("BATCH_REJECTED");
    assertThat(info(error).getMetadataMap()).containsEntry("rejected_count", "10000");
    assertThat(fields(error)).isNotEmpty();
  }
}
