package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Objects;

/** A producer of single events, each with a sequence, that looks closely at what it is told. */
final class Probe {
  private static final String PRODUCER = "probe";

  private final IngestHarness harness;
  private long sequence = 1;

  Probe(IngestHarness harness) {
    this.harness = harness;
  }

  /** The next event is refused, as one that may be repeated, and nothing is told of the reason. */
  void refused(String context, String secret) {
    StatusRuntimeException error = catchThrowableOfType(StatusRuntimeException.class, this::append);
    assertThat(error).as("%s: was acknowledged", context).isNotNull();
    com.google.rpc.Status told = Objects.requireNonNull(StatusProto.fromThrowable(error));
    assertThat(error.getStatus().getCode())
        .as("%s: %s", context, told)
        .isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(told.getDetailsList())
        .as("%s: %s", context, told)
        .anyMatch(any -> any.is(RetryInfo.class));
    assertThat(told.toString()).as(context).doesNotContainIgnoringCase(secret);
  }

  /** The next event is stored, as soon as it can be. */
  void stored(Duration patience) {
    await()
        .atMost(patience)
        .pollInterval(Duration.ofMillis(20))
        .ignoreException(StatusRuntimeException.class)
        .untilAsserted(this::storedAtOnce);
  }

  /** The next event is stored at the first try; it may have been stored before. */
  void storedAtOnce() {
    assertThat(append().getDurableSequence()).isEqualTo(sequence);
    sequence++;
  }

  /** Each event that was acknowledged is there once. */
  void check() {
    assertThat(harness.number("SELECT count(*) FROM events WHERE entity_id = 'probe'"))
        .isEqualTo(sequence - 1);
  }

  private AppendResponse append() {
    return harness
        .stub()
        .append(
            AppendRequest.newBuilder()
                .addEvents(IngestHarness.event("2001-01-01T00:00:00Z").setEntityId(PRODUCER))
                .setProducerId(PRODUCER)
                .setSequence(sequence)
                .build());
  }
}
