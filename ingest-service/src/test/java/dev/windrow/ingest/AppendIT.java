package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.RejectionReason;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AppendIT {
  private static IngestHarness harness;

  @BeforeAll
  static void start() {
    harness = IngestHarness.start();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  private static AppendResponse append(Event.Builder... events) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (Event.Builder event : events) {
      request.addEvents(event);
    }
    return harness.stub().append(request.build());
  }

  private static AppendRequest sequenced(String producer, long epoch, long sequence) {
    return AppendRequest.newBuilder()
        .addEvents(IngestHarness.event("2001-01-01T00:00:00Z").setType(producer))
        .setProducerId(producer)
        .setProducerEpoch(epoch)
        .setSequence(sequence)
        .build();
  }

  private static StatusRuntimeException refused(AppendRequest request) {
    try {
      harness.stub().append(request);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("was not refused");
  }

  private static ErrorInfo info(StatusRuntimeException error) throws Exception {
    return Objects.requireNonNull(StatusProto.fromThrowable(error))
        .getDetails(0)
        .unpack(ErrorInfo.class);
  }

  @Test
  void append_ofAnEvent_storesEveryField() throws Exception {
    Event.Builder event =
        IngestHarness.event("2001-02-03T04:05:06.123456789Z")
            .setType("every-field")
            .setSource("Zürich ✈ 𝄞")
            .setEventId("id-1")
            .putAttributes("b", "2")
            .putAttributes("a", "\"quoted\"\n\\")
            .setPayload(
                Struct.newBuilder()
                    .putFields("n", Value.newBuilder().setNumberValue(1.5).build())
                    .putFields("s", Value.newBuilder().setStringValue("ü\u0001").build()));

    AppendResponse response = append(event);

    assertThat(response.getStoredCount()).isEqualTo(1);
    assertThat(response.getPosition()).isNotEmpty();
    try (var connection = harness.database.connect();
        var row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT *, extract(epoch FROM occurred_at)::text AS at, attributes ->> 'a' AS a,"
                        + " payload ->> 's' AS s FROM events WHERE type = 'every-field'")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString("at")).isEqualTo("981173106.123456");
      assertThat(row.getString("source")).isEqualTo("Zürich ✈ 𝄞");
      assertThat(row.getString("entity_id")).isEqualTo("e");
      assertThat(row.getString("status")).isEqualTo("ok");
      assertThat(row.getDouble("value")).isEqualTo(1.5);
      assertThat(row.getLong("amount")).isEqualTo(7);
      assertThat(row.getString("a")).isEqualTo("\"quoted\"\n\\");
      assertThat(row.getString("s")).isEqualTo("ü\u0001");
      assertThat(row.getString("event_id")).isEqualTo("id-1");
      assertThat(row.getString("batch_id")).isEqualTo(response.getPosition());
    }
  }

  @Test
  void append_withBadEventsAmongGood_rejectsThemByIndexAndStoresTheRest() {
    Event.Builder good = IngestHarness.event("2001-01-01T00:00:00Z").setType("partial");
    Timestamp.Builder year0 = Timestamp.newBuilder().setSeconds(-62_167_219_200L);
    Timestamp.Builder year9999 = Timestamp.newBuilder().setSeconds(253_402_300_799L);

    AppendResponse response =
        append(
            good,
            good.clone().setEntityId(""),
            good.clone().setSource("x".repeat(201)),
            good.clone().setValue(Double.NaN),
            good.clone().setValue(Double.NEGATIVE_INFINITY),
            good.clone().clearOccurredAt(),
            good.clone().setOccurredAt(year0),
            good.clone().setOccurredAt(year9999),
            good.clone().setOccurredAt(Timestamp.newBuilder().setSeconds(-3_000_000_000L)),
            good.clone().setStatus("a\0b"),
            good.clone()
                .setPayload(
                    Struct.newBuilder()
                        .putFields(
                            "x", Value.newBuilder().setStringValue("y".repeat(70_000)).build())),
            good);

    assertThat(response.getStoredCount()).isEqualTo(2);
    List<String> rejections = new ArrayList<>();
    response
        .getRejectionsList()
        .forEach(r -> rejections.add(r.getIndex() + " " + r.getField() + " " + r.getReason()));
    assertThat(rejections)
        .containsExactly(
            "1 entity_id REJECTION_REASON_MISSING_FIELD",
            "2 source REJECTION_REASON_TOO_LONG",
            "3 value REJECTION_REASON_INVALID_VALUE",
            "4 value REJECTION_REASON_INVALID_VALUE",
            "5 occurred_at REJECTION_REASON_MISSING_FIELD",
            "6 occurred_at REJECTION_REASON_INVALID_VALUE",
            "7 occurred_at REJECTION_REASON_TOO_FAR_IN_FUTURE",
            "8 occurred_at REJECTION_REASON_TOO_OLD",
            "9 status REJECTION_REASON_INVALID_VALUE",
            "10 payload REJECTION_REASON_TOO_LONG");
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'partial'")).isEqualTo(2);
  }

  @Test
  void append_ofEventsOnManyDays_makesTheirPartitions() {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int day = 0; day < 65; day++) {
      request.addEvents(
          IngestHarness.event("1999-11-01T12:00:00Z")
              .setType("days")
              .setOccurredAt(Timestamp.newBuilder().setSeconds(941_457_600L + day * 86_400L)));
    }

    assertThat(harness.stub().append(request.build()).getStoredCount()).isEqualTo(65);
    assertThat(harness.number("SELECT count(DISTINCT tableoid) FROM events WHERE type = 'days'"))
        .isEqualTo(65);
  }

  @Test
  void append_ofARepeatedSequence_storesItOnce() {
    AppendResponse first = harness.stub().append(sequenced("repeat", 0, 1));
    AppendResponse second = harness.stub().append(sequenced("repeat", 0, 1));

    assertThat(first.getStoredCount()).isEqualTo(1);
    assertThat(second.getDuplicateRequest()).isTrue();
    assertThat(second.getStoredCount()).isEqualTo(1);
    assertThat(second.getDurableSequence()).isEqualTo(1);
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'repeat'")).isEqualTo(1);
  }

  @Test
  void append_afterAGap_namesTheExpectedSequence() throws Exception {
    harness.stub().append(sequenced("gap", 0, 1));

    StatusRuntimeException error = refused(sequenced("gap", 0, 3));

    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
    assertThat(info(error).getReason()).isEqualTo("SEQUENCE_GAP");
    assertThat(info(error).getMetadataMap()).containsEntry("expected_sequence", "2");
  }

  @Test
  void append_ofAnOlderEpoch_isFenced() throws Exception {
    harness.stub().append(sequenced("fence", 0, 1));
    AppendResponse claim =
        harness
            .stub()
            .append(AppendRequest.newBuilder().setProducerId("fence").setProducerEpoch(1).build());

    StatusRuntimeException error = refused(sequenced("fence", 0, 2));

    assertThat(claim.getDurableSequence()).isEqualTo(1);
    assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(info(error).getReason()).isEqualTo("PRODUCER_FENCED");
    assertThat(harness.stub().append(sequenced("fence", 1, 2)).getStoredCount()).isEqualTo(1);
  }

  @Test
  void append_ofARepeatedEventId_dropsIt_andRefusesOtherContent() {
    Event.Builder event =
        IngestHarness.event("2001-01-01T00:00:00Z").setType("ids").setEventId("i1");

    AppendResponse first = append(event, event.clone(), event.clone().setValue(2));
    AppendResponse second = append(event, event.clone().setAmount(8), event.clone().setEventId(""));

    assertThat(first.getStoredCount()).isEqualTo(1);
    assertThat(first.getDuplicateCount()).isEqualTo(1);
    assertThat(first.getRejections(0).getReason())
        .isEqualTo(RejectionReason.REJECTION_REASON_PAYLOAD_MISMATCH);
    assertThat(first.getRejections(0).getIndex()).isEqualTo(2);
    assertThat(second.getStoredCount()).isEqualTo(1);
    assertThat(second.getDuplicateCount()).isEqualTo(1);
    assertThat(second.getRejections(0).getIndex()).isEqualTo(1);
    assertThat(harness.number("SELECT count(*) FROM events WHERE type = 'ids'")).isEqualTo(2);
  }

  @Test
  void append_ofAWrongRequest_namesTheField() throws Exception {
    List<String> fields = new ArrayList<>();
    for (AppendRequest request :
        List.of(
            AppendRequest.getDefaultInstance(),
            sequenced("", 0, 1),
            sequenced("", 1, 0),
            sequenced("x".repeat(201), 0, 1),
            sequenced("p", -1, 1),
            sequenced("p", 0, -1),
            sequenced("p", 0, 0))) {
      StatusRuntimeException error = refused(request);
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      var status = Objects.requireNonNull(StatusProto.fromThrowable(error));
      fields.add(status.getDetails(1).unpack(BadRequest.class).getFieldViolations(0).getField());
    }
    assertThat(fields)
        .containsExactly(
            "events",
            "sequence",
            "producer_epoch",
            "producer_id",
            "producer_epoch",
            "sequence",
            "sequence");
  }

  @Test
  void append_largerThanAMessageMayBe_isRefused_andTheNextIsServed() {
    Event.Builder huge =
        IngestHarness.event("2001-01-01T00:00:00Z")
            .setPayload(
                Struct.newBuilder()
                    .putFields(
                        "x", Value.newBuilder().setStringValue("y".repeat(10 << 20)).build()));

    assertThatThrownBy(() -> append(huge))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
    assertThat(append(IngestHarness.event("2001-01-01T00:00:00Z")).getStoredCount()).isEqualTo(1);
  }
}
