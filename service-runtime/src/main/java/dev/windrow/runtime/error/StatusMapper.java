package dev.windrow.runtime.error;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure becomes a gRPC status with details. */
public final class StatusMapper {
  /** The domain of every {@code ErrorInfo}. */
  public static final String DOMAIN = "windrow.dev";

  private static final Logger log = LoggerFactory.getLogger(StatusMapper.class);

  private StatusMapper() {}

  /** What the caller is told. What nobody foresaw is logged here and leaks nothing. */
  public static StatusRuntimeException toStatus(Throwable error) {
    if (error instanceof StatusRuntimeException status) {
      return status;
    }
    if (error instanceof StatusException status) {
      return status.getStatus().asRuntimeException(status.getTrailers());
    }
    return toStatus(toFailure(error));
  }

  /** The failure behind an error. */
  public static Failure toFailure(Throwable error) {
    if (error instanceof WindrowException known) {
      return known.failure();
    }
    if (error instanceof TimeoutException) {
      return Failure.of(
          Status.Code.DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED", "the deadline has passed", Map.of());
    }
    log.error("unexpected failure", error);
    return Failure.of(Status.Code.INTERNAL, "INTERNAL", "internal error", Map.of());
  }

  private static StatusRuntimeException toStatus(Failure failure) {
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(failure.code().value())
            .setMessage(failure.message())
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason(failure.reason())
                        .setDomain(DOMAIN)
                        .putAllMetadata(failure.metadata())
                        .build()));
    if (!failure.violations().isEmpty()) {
      var badRequest = BadRequest.newBuilder();
      for (var violation : failure.violations()) {
        badRequest
            .addFieldViolationsBuilder()
            .setField(violation.field())
            .setDescription(violation.description());
      }
      status.addDetails(Any.pack(badRequest.build()));
    }
    Duration pause = failure.retryAfter();
    if (pause != null) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(pause.toSeconds())
                          .setNanos(pause.toNanosPart()))
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(status.build());
  }
}
