package dev.windrow.runtime.error;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class StatusMapperTest {
  @Test
  void toStatus_ofAnInvalidField_namesItInBadRequest() throws Exception {
    var status =
        StatusProto.fromThrowable(
            StatusMapper.toStatus(Failure.invalid("limit", "must not be negative").toException()));

    assertThat(Objects.requireNonNull(status).getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("INVALID_FIELD");
    assertThat(status.getDetails(1).unpack(BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("limit");
  }

  @Test
  void toStatus_ofARetryableFailure_saysWhen() throws Exception {
    var failure =
        Failure.retryable(
            Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED", "full", Duration.ofMillis(1500));
    var status =
        Objects.requireNonNull(
            StatusProto.fromThrowable(StatusMapper.toStatus(failure.toException())));

    var delay = status.getDetails(1).unpack(RetryInfo.class).getRetryDelay();
    assertThat(delay.getSeconds()).isEqualTo(1);
    assertThat(delay.getNanos()).isEqualTo(500_000_000);
  }

  @Test
  void toStatus_ofTheUnforeseen_leaksNothing() {
    var status = StatusMapper.toStatus(new IllegalStateException("password=secret"));

    assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getStatus().getDescription()).isEqualTo("internal error");
  }
}
