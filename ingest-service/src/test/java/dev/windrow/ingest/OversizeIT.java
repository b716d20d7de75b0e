package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc.IngestServiceBlockingStub;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Proof R11: what is too large is refused with a clear status, and the next call is served. */
class OversizeIT {
  private static final int MAX_MESSAGE = 4 << 20;

  private final IngestHarness harness = IngestHarness.start();

  @AfterEach
  void nextCallIsServed() {
    AppendRequest small =
        AppendRequest.newBuilder().addEvents(IngestHarness.event("2001-01-01T00:00:00Z")).build();
    assertThat(harness.stub().append(small).getStoredCount()).isEqualTo(1);
    harness.close();
  }

  private static Status.Code refusal(IngestServiceBlockingStub stub, AppendRequest request) {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> stub.append(request));
    assertThat(refused).isNotNull();
    return refused.getStatus().getCode();
  }

  @Test
  void append_ofMoreThanTheServerTakes_isRefused() {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    String text = "x".repeat(1000);
    while (request.build().getSerializedSize() <= MAX_MESSAGE) {
      for (int i = 0; i < 100; i++) {
        request.addEvents(
            IngestHarness.event("2001-01-01T00:00:00Z")
                .putAttributes("a", text)
                .putAttributes("b", text));
      }
    }

    assertThat(refusal(harness.stub(), request.build())).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    System.out.println("R11 message refused");
  }

  @Test
  void append_withMoreMetadataThanTheServerTakes_isRefused() {
    Metadata metadata = new Metadata();
    metadata.put(
        Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat((8 << 10) + 1));
    IngestServiceBlockingStub stub =
        harness.stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    AppendRequest request =
        AppendRequest.newBuilder().addEvents(IngestHarness.event("2001-01-01T00:00:00Z")).build();

    // The server announces its limit, so gRPC's own client does not even send this, and says
    // INTERNAL.
    assertThat(refusal(stub, request)).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INTERNAL);
    System.out.println("R11 metadata refused");
  }

  @Test
  void append_ofAMillionEmptyEvents_isRefused() {
    AppendRequest request =
        AppendRequest.newBuilder()
            .addAllEvents(Collections.nCopies(1_000_000, Event.getDefaultInstance()))
            .build();

    assertThat(refusal(harness.stub(), request)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    System.out.println("R11 repeated fields refused");
  }
}
