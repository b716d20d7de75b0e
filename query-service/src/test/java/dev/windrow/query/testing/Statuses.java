package dev.windrow.query.testing;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.function.Supplier;

/** What a failed call told its caller. */
public record Statuses(
    Status.Code code, String reason, String field, String message, Map<String, String> metadata) {
  /** Of a call that must fail. */
  public static <T> Statuses of(Supplier<T> call) {
    T answer;
    try {
      answer = call.get();
    } catch (StatusRuntimeException error) {
      return of(error);
    }
    throw new AssertionError("must fail, got " + answer);
  }

  /** Of an error. */
  public static Statuses of(StatusRuntimeException error) {
    String reason = "";
    String field = "";
    Map<String, String> metadata = Map.of();
    var details = StatusProto.fromThrowable(error);
    if (details != null) {
      for (Any detail : details.getDetailsList()) {
        try {
          if (detail.is(ErrorInfo.class)) {
            ErrorInfo info = detail.unpack(ErrorInfo.class);
            reason = info.getReason();
            metadata = info.getMetadataMap();
          } else if (detail.is(BadRequest.class)) {
            field = detail.unpack(BadRequest.class).getFieldViolations(0).getField();
          }
        } catch (InvalidProtocolBufferException e) {
          throw new IllegalStateException(e);
        }
      }
    }
    return new Statuses(
        error.getStatus().getCode(),
        reason,
        field,
        String.valueOf(error.getStatus().getDescription()),
        metadata);
  }
}
