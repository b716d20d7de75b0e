package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.google.rpc.BadRequest;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.SourceWatermark;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What producers declare complete. */
class SourceWatermarkIT {
  private static IngestHarness harness;

  @BeforeAll
  static void start() {
    harness = IngestHarness.start();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  private static SourceWatermark watermark(String source, String until) {
    Instant at = Instant.parse(until);
    return SourceWatermark.newBuilder()
        .setSource(source)
        .setCompleteUntil(
            Timestamp.newBuilder().setSeconds(at.getEpochSecond()).setNanos(at.getNano()))
        .build();
  }

  private static AppendRequest declaring(
      String producer, long sequence, SourceWatermark... watermarks) {
    return AppendRequest.newBuilder()
        .setProducerId(producer)
        .setSequence(sequence)
        .addAllSourceWatermarks(List.of(watermarks))
        .build();
  }

  private static String declared(String producer) {
    return harness.text(
        "SELECT string_agg(source || ' ' || to_char(complete_until AT TIME ZONE 'UTC',"
            + " 'YYYY-MM-DD\"T\"HH24:MI:SS.US') || ' ' || batch_id, ', ' ORDER BY source)"
            + " FROM source_watermarks WHERE producer_id = '"
            + producer
            + "'");
  }

  @Test
  void watermarks_becomeDurableWithTheEvents() {
    AppendRequest request =
        declaring(
                "with",
                1,
                watermark("a", "2001-01-01T00:00:00.123456999Z"),
                watermark("b", "0001-01-01T00:00:00Z"))
            .toBuilder()
            .addEvents(IngestHarness.event("2001-01-01T00:00:00Z").setType("with"))
            .build();

    AppendResponse response = harness.stub().append(request);

    assertThat(response.getStoredCount()).isEqualTo(1);
    String batch = response.getPosition();
    assertThat(declared("with"))
        .isEqualTo(
            "a 2001-01-01T00:00:00.123456 %s, b 0001-01-01T00:00:00.000000 %s"
                .formatted(batch, batch));
  }

  @Test
  void watermarks_withoutEvents_useUpTheirSequence() {
    AppendResponse first =
        harness.stub().append(declaring("without", 1, watermark("a", "2001-01-01T00:00:00Z")));
    AppendResponse repeat =
        harness.stub().append(declaring("without", 1, watermark("a", "2001-01-09T00:00:00Z")));

    assertThat(first.getDurableSequence()).isEqualTo(1);
    assertThat(first.getStoredCount()).isZero();
    assertThat(first.getPosition()).isNotEmpty();
    assertThat(repeat.getDuplicateRequest()).isTrue();
    assertThat(declared("without"))
        .isEqualTo("a 2001-01-01T00:00:00.000000 " + first.getPosition());
  }

  @Test
  void watermarks_neverMoveBackwards() {
    harness.stub().append(declaring("forward", 1, watermark("a", "2001-01-05T00:00:00Z")));
    harness.stub().append(declaring("forward", 2, watermark("a", "2001-01-04T00:00:00Z")));
    String before = declared("forward");
    AppendResponse last =
        harness.stub().append(declaring("forward", 3, watermark("a", "2001-01-06T00:00:00Z")));

    assertThat(before).startsWith("a 2001-01-05T00:00:00.000000");
    assertThat(declared("forward")).isEqualTo("a 2001-01-06T00:00:00.000000 " + last.getPosition());
  }

  @Test
  void watermarks_ofARequestThatIsNotStored_areNotDeclared() {
    refused(declaring("unstored", 2, watermark("a", "2001-01-05T00:00:00Z")));
    refused(
        declaring("unstored", 1, watermark("a", "2001-01-05T00:00:00Z")).toBuilder()
            .setAllOrNothing(true)
            .addEvents(IngestHarness.event("2001-01-01T00:00:00Z").setSource(""))
            .build());

    assertThat(
            harness.number("SELECT count(*) FROM source_watermarks WHERE producer_id = 'unstored'"))
        .isZero();
  }

  @Test
  void watermarks_thatAreWrong_areRefused_namingTheField() throws Exception {
    SourceWatermark good = watermark("a", "2001-01-01T00:00:00Z");
    AppendRequest.Builder many = declaring("w", 1).toBuilder();
    for (int i = 0; i < 101; i++) {
      many.addSourceWatermarks(good);
    }
    List<String> fields = new ArrayList<>();
    for (AppendRequest request :
        List.of(
            declaring("", 0, good),
            declaring("w", 0, good),
            many.build(),
            declaring("w", 1, good, watermark("", "2001-01-01T00:00:00Z")),
            declaring("w", 1, watermark("x".repeat(201), "2001-01-01T00:00:00Z")),
            declaring("w", 1, watermark("a\0b", "2001-01-01T00:00:00Z")),
            declaring("w", 1, SourceWatermark.newBuilder().setSource("a").build()),
            declaring("w", 1, watermark("a", "2999-01-01T00:00:00Z")),
            declaring(
                "w",
                1,
                good.toBuilder()
                    .setCompleteUntil(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
                    .build()),
            declaring(
                "w",
                1,
                good.toBuilder()
                    .setCompleteUntil(Timestamp.newBuilder().setSeconds(Long.MIN_VALUE))
                    .build()),
            declaring(
                "w",
                1,
                good.toBuilder().setCompleteUntil(Timestamp.newBuilder().setNanos(-1)).build()))) {
      StatusRuntimeException error = refused(request);
      assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      fields.add(
          Objects.requireNonNull(StatusProto.fromThrowable(error))
              .getDetails(1)
              .unpack(BadRequest.class)
              .getFieldViolations(0)
              .getField());
    }
    assertThat(fields)
        .containsExactly(
            "source_watermarks",
            "sequence",
            "source_watermarks",
            "source_watermarks[1].source",
            "source_watermarks[0].source",
            "source_watermarks[0].source",
            "source_watermarks[0].complete_until",
            "source_watermarks[0].complete_until",
            "source_watermarks[0].complete_until",
            "source_watermarks[0].complete_until",
            "source_watermarks[0].complete_until");
  }

  private static StatusRuntimeException refused(AppendRequest request) {
    try {
      harness.stub().append(request);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("was not refused");
  }
}
