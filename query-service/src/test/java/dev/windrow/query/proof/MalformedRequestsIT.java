package dev.windrow.query.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import com.google.protobuf.util.Timestamps;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.Statuses;
import dev.windrow.query.v1.ListMetricDefinitionsRequest;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Status;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that are no messages are the caller's mistake, and are told so. */
class MalformedRequestsIT {
  private static final int WINDOW = SummarizeRequest.WINDOW_FIELD_NUMBER;
  private static final int BOMB_BYTES = 64 << 20;

  private QueryHarness harness;

  @BeforeEach
  void start() throws IOException {
    harness = QueryHarness.start(Map.of());
  }

  @AfterEach
  void nextCallIsServed() {
    var window =
        TimeWindow.newBuilder()
            .setStartTime(Timestamps.fromSeconds(0))
            .setEndTime(Timestamps.fromSeconds(1));
    var request = SummarizeRequest.newBuilder().setWindow(window).build();
    assertThat(harness.client().summarize(request).getRowsCount()).isOne();
    harness.close();
  }

  @Test
  void bytesOfNoMessage_areInvalid() {
    // Where a message should be, the first byte of a longer one.
    var request = SummarizeRequest.newBuilder().setUnknownFields(field(WINDOW, "\n")).build();
    Statuses told = Statuses.of(() -> harness.client().summarize(request));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.reason()).isEqualTo("MALFORMED_MESSAGE");
    assertThat(told.message()).startsWith("the message is not protobuf of this type");
  }

  @Test
  void textThatIsNoText_isInvalid() {
    ByteString broken = ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xfe});
    var fields =
        UnknownFieldSet.newBuilder()
            .addField(
                SummarizeRequest.FILTER_FIELD_NUMBER,
                Field.newBuilder().addLengthDelimited(broken).build())
            .build();
    var request = SummarizeRequest.newBuilder().setUnknownFields(fields).build();
    Statuses told = Statuses.of(() -> harness.client().summarize(request));
    assertThat(told.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(told.reason()).isEqualTo("MALFORMED_MESSAGE");
  }

  @Test
  void messageThatDecompressesToTooMuch_isRefused() {
    var request = SummarizeRequest.newBuilder().setFilter(" ".repeat(BOMB_BYTES)).build();
    Statuses told = Statuses.of(() -> harness.client().withCompression("gzip").summarize(request));
    assertThat(told.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    System.out.printf("R10 bomb bytes=%d refused=%s%n", BOMB_BYTES, told.code());
  }

  @Test
  void fieldsThatNobodyKnows_areNoMistake() {
    var request =
        ListMetricDefinitionsRequest.newBuilder().setUnknownFields(field(99, "later")).build();
    assertThat(harness.client().listMetricDefinitions(request).getDefinitionsList()).isNotEmpty();
  }

  private static UnknownFieldSet field(int number, String content) {
    return UnknownFieldSet.newBuilder()
        .addField(
            number, Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8(content)).build())
        .build();
  }
}
