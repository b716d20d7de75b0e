package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.migrations.testing.TcpProxy;
import dev.windrow.migrations.testing.TestDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DatabaseAwayIT {
  private static AppendRequest request(long sequence) {
    return AppendRequest.newBuilder()
        .addEvents(IngestHarness.event("2001-01-01T00:00:00Z"))
        .setProducerId("p")
        .setSequence(sequence)
        .build();
  }

  @Test
  void ingest_startedWithoutItsDatabase_isNotServing_andBeginsWhenItComes() throws Exception {
    TestDatabase database = TestDatabase.create();
    try (TcpProxy proxy = new TcpProxy(database.host(), database.port(), false);
        IngestHarness harness = through(proxy, database)) {
      assertThat(harness.serving()).isFalse();
      StatusRuntimeException error = unavailable(harness, 1);
      assertThat(Objects.requireNonNull(StatusProto.fromThrowable(error)).getDetails(1))
          .matches(any -> any.is(RetryInfo.class));

      proxy.heal();

      harness.awaitServing();
      assertThat(harness.stub().append(request(1)).getStoredCount()).isEqualTo(1);
    }
  }

  @Test
  void ingest_thatLosesItsDatabase_isUnavailable_andRecovers_withoutLossOrDouble() {
    TestDatabase database = TestDatabase.create();
    try (TcpProxy proxy = new TcpProxy(database.host(), database.port(), true);
        IngestHarness harness = through(proxy, database)) {
      harness.awaitServing();
      long sequence = 0;
      for (int outage = 0; outage < 5; outage++) {
        harness.stub().append(request(++sequence));
        proxy.cut();
        unavailable(harness, sequence + 1);
        proxy.heal();
        long next = ++sequence;
        AppendResponse response =
            await()
                .atMost(Duration.ofSeconds(20))
                .ignoreException(StatusRuntimeException.class)
                .until(() -> harness.stub().append(request(next)), Objects::nonNull);
        assertThat(response.getDurableSequence()).isEqualTo(next);
      }
      assertThat(harness.number("SELECT count(*) FROM events")).isEqualTo(sequence);
      Invariant.check(database);
    }
  }

  private static IngestHarness through(TcpProxy proxy, TestDatabase database) {
    Map<String, String> settings = IngestHarness.settings(database);
    settings.put("WINDROW_DB_HOST", "localhost");
    settings.put("WINDROW_DB_PORT", Integer.toString(proxy.port()));
    return IngestHarness.startOn(database, settings);
  }

  private static StatusRuntimeException unavailable(IngestHarness harness, long sequence) {
    try {
      harness.stub().append(request(sequence));
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      return e;
    }
    throw new AssertionError("was acknowledged without a database");
  }
}
