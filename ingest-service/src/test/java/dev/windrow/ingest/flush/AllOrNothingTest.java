package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.accept.RejectedEvent.Reason;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.Failure.FieldViolation;
import io.grpc.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllOrNothingTest {
  private static RejectedEvent rejected(int index, String field, String rule) {
    return new RejectedEvent(
        index, Reason.INVALID_VALUE, field, field + ": " + rule, Instant.EPOCH);
  }

  @Test
  void failure_namesTheEventsInOrder_andCountsThemAll() {
    List<RejectedEvent> rejected = new ArrayList<>();
    for (int i = 99; i >= 0; i--) {
      rejected.add(rejected(i, "source", "is required"));
    }

    Failure failure = AllOrNothing.failure(rejected, 300);

    assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.reason()).isEqualTo("BATCH_REJECTED");
    assertThat(failure.metadata())
        .containsEntry("rejected_count", "100")
        .containsEntry("event_count", "300");
    assertThat(failure.violations()).hasSize(20);
    assertThat(failure.violations().get(0))
        .isEqualTo(new FieldViolation("events[0].source", "is required"));
    assertThat(failure.violations().get(19).field()).isEqualTo("events[19].source");
    assertThat(failure.retryAfter()).isNull();
  }

  @Test
  void failure_withLongViolations_namesAsManyAsAnErrorMayCarry() {
    List<RejectedEvent> rejected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      rejected.add(rejected(i, "attributes." + "✈".repeat(100), "x".repeat(500)));
    }

    List<FieldViolation> violations = AllOrNothing.failure(rejected, 20).violations();

    assertThat(violations).hasSizeBetween(1, 5);
  }
}
