package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.migrations.testing.TcpProxy;
import dev.windrow.migrations.testing.TestDatabase;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Proof R8: a database that stands still under load shows as back-pressure, not as memory. */
class OverflowIT {
  private static final int PRODUCERS = 8;
  private static final long LANE_BYTES = 200_000;
  private static final long IN_FLIGHT_BYTES = 300_000;
  private static final Duration STOPPED =
      Duration.ofSeconds(Integer.getInteger("windrow.test.stopped.seconds", 30));

  @Test
  void database_thatStandsStill_fillsTheLanesToTheirBound_andLosesNothing() throws Exception {
    TestDatabase database = TestDatabase.create();
    try (TcpProxy proxy = new TcpProxy(database.host(), database.port(), true);
        IngestHarness harness = IngestHarness.startOn(database, settings(database, proxy))) {
      harness.awaitServing();
      List<ResumingProducer> producers = new ArrayList<>();
      List<CompletableFuture<Void>> ends = new ArrayList<>();
      for (int i = 0; i < PRODUCERS; i++) {
        ResumingProducer producer = new ResumingProducer(harness.server.port(), "producer-" + i);
        producers.add(producer);
        ends.add(CompletableFuture.runAsync(producer, task -> new Thread(task).start()));
      }
      await().until(() -> acknowledged(producers) > 500);
      long before = acknowledged(producers);
      long begin = System.nanoTime();
      await().until(() -> acknowledged(producers) > before + 500);
      double rate = 500.0 * ResumingProducer.BATCH * 1e9 / (System.nanoTime() - begin);

      proxy.stall();
      long most = 0;
      boolean refused = false;
      begin = System.nanoTime();
      while (System.nanoTime() - begin < STOPPED.toNanos()) {
        most = Math.max(most, harness.server.inFlightBytes());
        refused |= isRefused(harness);
      }
      long stopped = acknowledged(producers);
      proxy.flow();
      await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged(producers) > stopped + 500);
      producers.forEach(ResumingProducer::stop);
      for (CompletableFuture<Void> end : ends) {
        end.get(60, TimeUnit.SECONDS);
      }

      long sent = producers.stream().mapToLong(ResumingProducer::sent).sum();
      long rows = harness.number("SELECT count(*) FROM events WHERE type = 'kill'");
      long distinct =
          harness.number(
              "SELECT count(DISTINCT (entity_id, value)) FROM events WHERE type = 'kill'");
      System.out.printf(
          "R8 stopped=%ds rate=%.0f in_flight_max=%d bound=%d sent=%d rows=%d lost=%d dup=%d%n",
          STOPPED.toSeconds(),
          rate,
          most,
          IN_FLIGHT_BYTES,
          sent * ResumingProducer.BATCH,
          rows,
          sent * ResumingProducer.BATCH - distinct,
          rows - distinct);
      assertThat(refused).as("a call is told OVERLOADED when there is no room").isTrue();
      assertThat(most).isBetween(LANE_BYTES / 2, IN_FLIGHT_BYTES);
      assertThat(rows).isEqualTo(sent * ResumingProducer.BATCH).isEqualTo(distinct);
      await().until(() -> harness.server.inFlightBytes() == 0);
      Invariant.check(database);
    }
  }

  private static Map<String, String> settings(TestDatabase database, TcpProxy proxy) {
    return IngestHarness.settings(
        database,
        "WINDROW_DB_HOST",
        "localhost",
        "WINDROW_DB_PORT",
        Integer.toString(proxy.port()),
        "WINDROW_LANE_BYTES",
        Long.toString(LANE_BYTES),
        "WINDROW_IN_FLIGHT_BYTES",
        Long.toString(IN_FLIGHT_BYTES),
        "WINDROW_FLUSH_TIMEOUT",
        "PT20S");
  }

  private static long acknowledged(List<ResumingProducer> producers) {
    return producers.stream().mapToLong(ResumingProducer::acknowledged).sum();
  }

  /** Sends a call of its own, of some size, and tells whether it was refused as it should. */
  private static boolean isRefused(IngestHarness harness) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    for (int i = 0; i < 200; i++) {
      request.addEvents(IngestHarness.event("2001-01-01T00:00:00Z"));
    }
    try {
      harness.stub().withDeadlineAfter(1, TimeUnit.SECONDS).append(request.build());
      return false;
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
        assertThat(e.getStatus().getCode())
            .isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.UNAVAILABLE);
        return false;
      }
      assertThat(Objects.requireNonNull(StatusProto.fromThrowable(e)).getDetailsList())
          .anyMatch(any -> any.is(RetryInfo.class));
      return true;
    }
  }
}
