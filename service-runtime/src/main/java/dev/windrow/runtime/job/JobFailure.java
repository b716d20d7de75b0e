package dev.windrow.runtime.job;

import dev.windrow.runtime.error.Failure;
import java.util.Map;

/**
 * Why a job failed.
 *
 * @param code the name of the gRPC code
 * @param reason stable: what programs switch on
 * @param message for a person
 * @param metadata every dynamic value of the message
 */
public record JobFailure(String code, String reason, String message, Map<String, String> metadata) {
  public JobFailure {
    metadata = Map.copyOf(metadata);
  }

  static JobFailure of(Failure failure) {
    return new JobFailure(
        failure.code().name(), failure.reason(), failure.message(), failure.metadata());
  }
}
