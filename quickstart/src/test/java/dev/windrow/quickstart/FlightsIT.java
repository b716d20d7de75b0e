package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.PlanSegment;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.Tier;
import dev.windrow.query.v1.TimeWindow;
import io.grpc.Channel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's own stack on the real flights. */
class FlightsIT {
  private static final long DAY = 86_400;
  private static final int DAYS = 90;
  private static final String COMPACTED =
      "SELECT NOT EXISTS (SELECT FROM rollup_deltas) AND NOT EXISTS (SELECT FROM unfolded_batches)";

  @TempDir Path data;

  @Test
  void quickstart_answersRightly_andASecondStartSendsNothing() throws Exception {
    QuickstartSettings settings = new QuickstartSettings(true, 0, 0, data);
    for (String expected : new String[] {"loaded 20,000 events", "nothing was sent"}) {
      ByteArrayOutputStream shown = new ByteArrayOutputStream();
      PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);
      try (Stack stack = Stack.start(settings, out)) {
        Load.flights(stack.ingest(), out);
        boolean right = report(stack, out);

        assertThat(right).as(shown.toString(StandardCharsets.UTF_8)).isTrue();
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains(expected);
        onlyBucketsAreRead(stack);
      }
    }
  }

  private static boolean report(Stack stack, PrintStream out) {
    try (LiveTicks live = new LiveTicks(new AppendClient(stack.ingest(), "quickstart-live"))) {
      live.start();
      return new Report(stack.query(), out).print(live);
    }
  }

  private static void onlyBucketsAreRead(Stack stack) throws Exception {
    try (var connection = DriverManager.getConnection(stack.jdbcUrl(), "postgres", "postgres");
        var statement = connection.createStatement()) {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                try (var row = statement.executeQuery(COMPACTED)) {
                  row.next();
                  return row.getBoolean(1);
                }
              });
    }
    SummarizeResponse total = ask(stack.query(), Interval.INTERVAL_UNSPECIFIED, false);
    SummarizeResponse daily = ask(stack.query(), Interval.INTERVAL_DAY, false);
    SummarizeResponse bySource = ask(stack.query(), Interval.INTERVAL_DAY, true);

    assertThat(total.getPlan().getBucketRows()).as("a row for each day").isEqualTo(DAYS);
    assertThat(daily.getPlan().getBucketRows()).isEqualTo(DAYS);
    assertThat(daily.getRowsCount()).isEqualTo(DAYS);
    long combinations =
        Flights.all().stream()
            .map(f -> f.getOccurredAt().getSeconds() / DAY + f.getSource() + f.getStatus())
            .distinct()
            .count();
    assertThat(bySource.getPlan().getBucketRows())
        .as("a row for each day, source and status")
        .isEqualTo(combinations);
    for (SummarizeResponse answer : new SummarizeResponse[] {total, daily, bySource}) {
      assertThat(answer.getPlan().getDeltaRows()).isZero();
      assertThat(answer.getPlan().getEventRows()).isZero();
      assertThat(answer.getPlan().getSegmentsList())
          .extracting(PlanSegment::getTier)
          .containsOnly(Tier.TIER_DAY);
    }
  }

  private static SummarizeResponse ask(Channel channel, Interval interval, boolean bySource) {
    SummarizeRequest.Builder request =
        SummarizeRequest.newBuilder()
            .setWindow(
                TimeWindow.newBuilder()
                    .setStartTime(time("2001-01-01T00:00:00Z"))
                    .setEndTime(time("2001-04-01T00:00:00Z")))
            .setFilter("type = flight.departed")
            .setInterval(interval)
            .setExplain(true);
    if (bySource) {
      request.addGroupBy("source");
    }
    return QueryServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .summarize(request.build());
  }

  private static Timestamp time(String text) {
    return Timestamp.newBuilder().setSeconds(Instant.parse(text).getEpochSecond()).build();
  }
}
