package dev.windrow.query.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.util.Timestamps;
import dev.windrow.migrations.testing.TcpProxy;
import dev.windrow.query.testing.QueryHarness;
import dev.windrow.query.testing.TestEvent;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

/**
 * Proof R6: a caller that cancels, whose deadline passes, or who is killed while the statements of
 * its questions wait in the database leaves nothing behind: no statement, no transaction, no
 * connection in use.
 */
class CallersGoneIT {
  private static final int TIMES = Integer.getInteger("windrow.test.gone", 100);
  private static final int POOL_SIZE = 4;
  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final Duration NO_DEADLINE = Duration.ofMinutes(1);
  // Of the database's own limits none ends a statement so early: lock_timeout is 10 s.
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final String OURS =
      "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
          + " AND application_name = 'windrow-query' AND ";

  /** Ends calls whose statements wait. */
  private interface End {
    void of(List<Future<SummarizeResponse>> calls, TcpProxy wire);
  }

  @Test
  void callersThatAreGone_leaveNothingBehind() throws Exception {
    try (QueryHarness harness =
            QueryHarness.start(Map.of("WINDROW_DB_POOL_SIZE", Integer.toString(POOL_SIZE)));
        Connection blocker = harness.database().connect()) {
      harness.store().writeCompacted(1, List.of(TestEvent.of(1, "s", "t", "e")));
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE");

      long cancelled =
          repeat(harness, NO_DEADLINE, (calls, wire) -> calls.forEach(call -> call.cancel(true)));
      long late = repeat(harness, DEADLINE, (calls, wire) -> {});
      long killed = repeat(harness, NO_DEADLINE, (calls, wire) -> wire.cut());
      System.out.printf(
          "R6 cancelled=%d deadline=%d killed=%d active=%d worst=%d/%d/%dms%n",
          TIMES,
          TIMES,
          TIMES,
          number(harness, "state <> 'idle'"),
          cancelled / 1_000_000,
          late / 1_000_000,
          killed / 1_000_000);

      checkThatAllConnectionsAreFree(harness, blocker);
    }
  }

  /**
   * As many calls as there are connections, again and again.
   *
   * @return the longest time from the end of the calls to that of their statements, in nanoseconds
   */
  private static long repeat(QueryHarness harness, Duration deadline, End end) throws Exception {
    long worst = 0;
    int caught = 0;
    for (int round = 0; caught < TIMES && round < TIMES; round++) {
      // A connection of their own each time: a server takes only so many resets on one.
      try (TcpProxy wire = new TcpProxy("localhost", harness.port(), true)) {
        ManagedChannel channel =
            NettyChannelBuilder.forAddress("localhost", wire.port()).usePlaintext().build();
        List<Future<SummarizeResponse>> calls = calls(channel, deadline);
        soon().until(() -> isWaiting(harness) || calls.stream().anyMatch(Future::isDone));
        caught += isWaiting(harness) ? POOL_SIZE : 0;
        end.of(calls, wire);
        soon().until(() -> calls.stream().allMatch(Future::isDone));
        long gone = System.nanoTime();
        soon().until(() -> number(harness, "state <> 'idle'") == 0);
        worst = Math.max(worst, System.nanoTime() - gone);
        channel.shutdownNow();
      }
    }
    assertThat(caught).as("calls that waited in the database").isGreaterThanOrEqualTo(TIMES);
    return worst;
  }

  private static void checkThatAllConnectionsAreFree(QueryHarness harness, Connection blocker)
      throws Exception {
    List<Future<SummarizeResponse>> calls = calls(harness.channel(), NO_DEADLINE);
    soon().until(() -> isWaiting(harness));
    blocker.rollback();
    for (var call : calls) {
      assertThat(call.get(20, TimeUnit.SECONDS).getRows(0).getValues(0).getInteger()).isOne();
    }
    assertThat(number(harness, "true")).isLessThanOrEqualTo(POOL_SIZE);
  }

  private static List<Future<SummarizeResponse>> calls(ManagedChannel channel, Duration deadline) {
    SummarizeRequest request =
        SummarizeRequest.newBuilder()
            .setWindow(
                TimeWindow.newBuilder()
                    .setStartTime(Timestamps.fromSeconds(0))
                    .setEndTime(Timestamps.fromSeconds(60)))
            .addGroupBy("attributes.region")
            .build();
    List<Future<SummarizeResponse>> calls = new ArrayList<>();
    for (int i = 0; i < POOL_SIZE; i++) {
      calls.add(
          QueryServiceGrpc.newFutureStub(channel)
              .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
              .summarize(request));
    }
    return calls;
  }

  private static boolean isWaiting(QueryHarness harness) {
    return number(harness, "wait_event_type = 'Lock'") == POOL_SIZE;
  }

  private static long number(QueryHarness harness, String condition) {
    return QueryHarness.number(harness.database(), OURS + condition);
  }

  private static ConditionFactory soon() {
    return await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
  }
}
