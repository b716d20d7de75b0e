package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.ingest.v1.SourceWatermark;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.Requirements;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 3: acknowledged means counted. */
class VisibilityIT {
  private static final int TIMES = 1_000;
  private static final long NEW_YEAR = 978_307_200L;

  @TempDir static Path data;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(new QuickstartSettings(true, 0, 0, data), System.out);
  }

  @AfterAll
  static void stop() {
    stack.close();
  }

  @Test
  void anAcknowledgedEvent_isInTheNextAnswer_everyTime() {
    Random random = new Random(7);
    var ingest = IngestServiceGrpc.newBlockingStub(stack.ingest());
    var query = QueryServiceGrpc.newBlockingStub(stack.query());
    for (int i = 1; i <= TIMES; i++) {
      long at = NEW_YEAR + random.nextInt(3 * 86_400);
      ingest
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .append(AppendRequest.newBuilder().addEvents(event(at)).build());
      long counted =
          query
              .withDeadlineAfter(20, TimeUnit.SECONDS)
              .summarize(question(NEW_YEAR, NEW_YEAR + 3 * 86_400))
              .getRows(0)
              .getValues(0)
              .getInteger();
      assertThat(counted).as("after %s acknowledged events", i).isEqualTo(i);
      if (i % 50 == 0) {
        assertThat(
                query
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .listEvents(
                        ListEventsRequest.newBuilder()
                            .setWindow(window(at, at + 1))
                            .setFilter("type = seen")
                            .build())
                    .getEventsList())
            .isNotEmpty();
      }
    }
  }

  @Test
  void whatIsRequired_ofAnAppendsPosition_isTheWritersOwn() {
    var ingest = IngestServiceGrpc.newBlockingStub(stack.ingest());
    var query = QueryServiceGrpc.newBlockingStub(stack.query());
    long from = NEW_YEAR + 10 * 86_400;
    var declared =
        SourceWatermark.newBuilder()
            .setSource("declared")
            .setCompleteUntil(Timestamp.newBuilder().setSeconds(from + 1800))
            .build();
    String position =
        ingest
            .withDeadlineAfter(20, TimeUnit.SECONDS)
            .append(
                AppendRequest.newBuilder()
                    .setProducerId("writer")
                    .setSequence(1)
                    .addEvents(event(from + 60).toBuilder().setSource("declared"))
                    .addSourceWatermarks(declared)
                    .build())
            .getPosition();
    var answer = query.withDeadlineAfter(20, TimeUnit.SECONDS).summarize(required(from, position));
    assertThat(answer.getRows(0).getValues(0).getInteger()).isOne();
    assertThat(answer.getInfo().getCoverage().getShare()).isEqualTo(0.5);
    assertThat(answer.getInfo().getFreshness().getSourceWatermarks(0).getCompleteUntil())
        .isEqualTo(declared.getCompleteUntil());
    // And from then on whatever an answer has shown.
    query
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .summarize(required(from, answer.getInfo().getPosition()));
  }

  private static SummarizeRequest required(long from, String position) {
    return question(from, from + 3600).toBuilder()
        .setRequire(
            Requirements.newBuilder()
                .setMinPosition(position)
                .setMinCoverage(0.5)
                .setMaxStaleness(Duration.newBuilder().setSeconds(60)))
        .build();
  }

  private static Event event(long at) {
    return Event.newBuilder()
        .setOccurredAt(Timestamp.newBuilder().setSeconds(at))
        .setSource("s" + at % 3)
        .setType("seen")
        .setEntityId("e" + at % 7)
        .build();
  }

  private static SummarizeRequest question(long from, long to) {
    return SummarizeRequest.newBuilder()
        .setWindow(window(from, to))
        .setFilter("type = seen")
        .build();
  }

  private static TimeWindow window(long from, long to) {
    return TimeWindow.newBuilder()
        .setStartTime(Timestamp.newBuilder().setSeconds(from))
        .setEndTime(Timestamp.newBuilder().setSeconds(to))
        .build();
  }
}
