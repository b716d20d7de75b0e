package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.Failure.FieldViolation;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Why a request that wants all or nothing got nothing. */
final class AllOrNothing {
  private static final int VIOLATIONS = 20;
  // An error travels in the trailers, in base64, of which a client takes 8 KiB.
  private static final int VIOLATION_BYTES = 4_000;

  private AllOrNothing() {}

  /**
   * @param rejected in any order, at least one
   * @param events of the request
   */
  static Failure failure(List<RejectedEvent> rejected, int events) {
    List<RejectedEvent> sorted =
        rejected.stream().sorted(Comparator.comparingInt(RejectedEvent::index)).toList();
    String count = Integer.toString(rejected.size());
    String total = Integer.toString(events);
    return new Failure(
        Status.Code.INVALID_ARGUMENT,
        "BATCH_REJECTED",
        "events: " + count + " of " + total + " are rejected, so none is stored",
        Map.of("rejected_count", count, "event_count", total),
        violations(sorted),
        null);
  }

  private static List<FieldViolation> violations(List<RejectedEvent> sorted) {
    List<FieldViolation> violations = new ArrayList<>();
    int bytes = 0;
    for (RejectedEvent event : sorted) {
      FieldViolation next =
          new FieldViolation("events[" + event.index() + "]." + event.field(), rule(event));
      bytes += bytes(next.field()) + bytes(next.description());
      if (violations.size() == VIOLATIONS || (bytes > VIOLATION_BYTES && !violations.isEmpty())) {
        break;
      }
      violations.add(next);
    }
    return violations;
  }

  private static String rule(RejectedEvent event) {
    String prefix = event.field() + ": ";
    String message = event.message();
    return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
