package dev.windrow.runtime.error;

import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a call cannot be answered, in the terms of AIP-193.
 *
 * @param code the gRPC code
 * @param reason UPPER_SNAKE, stable: what programs switch on
 * @param message for a person: {@code name: rule, got value}
 * @param metadata every dynamic value of the message
 * @param violations for {@code INVALID_ARGUMENT}: the fields to change
 * @param retryAfter set if the same call may succeed later
 */
public record Failure(
    Status.Code code,
    String reason,
    String message,
    Map<String, String> metadata,
    List<FieldViolation> violations,
    @Nullable Duration retryAfter) {

  /** One field to change. */
  public record FieldViolation(String field, String description) {}

  public Failure {
    metadata = Map.copyOf(metadata);
    violations = List.copyOf(violations);
  }

  /** The caller must change {@code field}. */
  public static Failure invalid(String field, String rule) {
    return new Failure(
        Status.Code.INVALID_ARGUMENT,
        "INVALID_FIELD",
        field + ": " + rule,
        Map.of("field", field),
        List.of(new FieldViolation(field, rule)),
        null);
  }

  public static Failure of(
      Status.Code code, String reason, String message, Map<String, String> metadata) {
    return new Failure(code, reason, message, metadata, List.of(), null);
  }

  /** The same call may succeed after {@code pause}. */
  public static Failure retryable(Status.Code code, String reason, String message, Duration pause) {
    return new Failure(code, reason, message, Map.of(), List.of(), pause);
  }

  /** This failure with one more value for programs. */
  public Failure with(String key, String value) {
    var more = new java.util.HashMap<>(metadata);
    more.put(key, value);
    return new Failure(code, reason, message, more, violations, retryAfter);
  }

  /** The same of a message that has the field as a part; what is about no field stays as it is. */
  public Failure within(String prefix) {
    if (violations.isEmpty()) {
      return this;
    }
    List<FieldViolation> outer =
        violations.stream()
            .map(one -> new FieldViolation(prefix + one.field(), one.description()))
            .toList();
    return new Failure(code, reason, prefix + message, metadata, outer, retryAfter)
        .with("field", outer.get(0).field());
  }

  public WindrowException toException() {
    return new WindrowException(this, null);
  }

  public WindrowException toException(Throwable cause) {
    return new WindrowException(this, cause);
  }
}
