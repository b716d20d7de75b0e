package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.job.v1.VoidEventsJob;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.TimeWindow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was read of parts of a window is not read again, until something happens there. */
class KeptSegmentsIT extends BothServices {
  private static final int EVENTS = 4_800;
  private static final int ENTITIES = 40;
  // Without the first hour and the last, so that hours answer and not days.
  private static final TimeWindow WINDOW =
      TimeWindow.newBuilder()
          .setStartTime(Timestamp.newBuilder().setSeconds(NEW_YEAR + 3_600))
          .setEndTime(Timestamp.newBuilder().setSeconds(NEW_YEAR + DAY - 3_600))
          .build();
  private static final int IN_WINDOW = EVENTS * 22 / 48;

  @BeforeEach
  void appendAndCompact() {
    AppendRequest.Builder batch = AppendRequest.newBuilder();
    for (int i = 0; i < EVENTS; i++) {
      batch.addEvents(event(NEW_YEAR + DAY * 2 * i / EVENTS, i));
    }
    append(batch.build());
    awaitCompacted();
  }

  @Test
  void whatIsAskedAgain_isNotReadAgain_untilALateEventComes() {
    SummarizeResponse first = ask();
    assertThat(first.getPlan().getKeptRows()).isZero();
    assertThat(rows(first)).isGreaterThan(22L * ENTITIES - 1);
    assertThat(ask().getPlan().getKeptRows()).as("asked for twice").isZero();

    SummarizeResponse third = ask();
    assertThat(third.getRowsList()).isEqualTo(first.getRowsList());
    assertThat(third.getPlan().getKeptRows()).isGreaterThan(rows(first) / 2);
    assertThat(rows(third) + third.getPlan().getKeptRows()).isEqualTo(rows(first));

    // Into the middle, while nothing else is touched.
    append(AppendRequest.newBuilder().addEvents(event(NEW_YEAR + 9 * 3_600, EVENTS)).build());
    SummarizeResponse late = ask();
    assertThat(count(late)).isEqualTo(IN_WINDOW + 1);
    assertThat(late.getPlan().getKeptRows()).isPositive().isLessThan(third.getPlan().getKeptRows());
  }

  @Test
  void whatIsTakenBack_isKeptNoMore() {
    askUntilKept();
    VoidEventsJob.Builder mistake = VoidEventsJob.newBuilder().setReason("a mistake");
    mistake.addEvents(EventName.newBuilder().setSource("source").setEventId("id-1000"));
    done(JobSpec.newBuilder().setVoidEvents(mistake).build());

    assertThat(count(ask())).isEqualTo(IN_WINDOW - 1);
  }

  @Test
  void whatWasWrongInTheStore_andIsRepaired_isKeptNoMore() throws Exception {
    execute(
        "UPDATE rollup_buckets SET event_count = event_count + 5 WHERE grain = 2"
            + " AND key = '{type,entity-7}' AND start_at = '2001-01-01 09:00Z'");
    SummarizeResponse wrong = askUntilKept();
    assertThat(count(wrong)).as("as wrong as the bucket").isEqualTo(IN_WINDOW + 5);

    done(
        JobSpec.newBuilder()
            .setVerify(VerifyJob.newBuilder().setWindow(window()).setRepair(true))
            .build());

    SummarizeResponse repaired = ask();
    assertThat(count(repaired)).isEqualTo(IN_WINDOW);
    assertThat(repaired.getInfo().getFreshness())
        .as("a repair is no event")
        .isEqualTo(wrong.getInfo().getFreshness());
  }

  private SummarizeResponse askUntilKept() {
    ask();
    ask();
    SummarizeResponse answer = ask();
    assertThat(answer.getPlan().getKeptRows()).isPositive();
    return answer;
  }

  private SummarizeResponse ask() {
    return QueryServiceGrpc.newBlockingStub(reader.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .summarize(
            SummarizeRequest.newBuilder()
                .setWindow(WINDOW)
                .addGroupBy("entity_id")
                .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
                .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM))
                .addMetrics(
                    Metric.newBuilder().setMeasure(Measure.MEASURE_PERCENTILE).setPercentile(95))
                .setExplain(true)
                .build());
  }

  private static long count(SummarizeResponse answer) {
    return answer.getRowsList().stream().mapToLong(row -> row.getValues(0).getInteger()).sum();
  }

  private static long rows(SummarizeResponse answer) {
    Plan plan = answer.getPlan();
    return plan.getBucketRows() + plan.getDeltaRows() + plan.getEventRows();
  }

  private static Event event(long second, int i) {
    return Event.newBuilder()
        .setOccurredAt(Timestamp.newBuilder().setSeconds(second))
        .setSource("source")
        .setType("type")
        .setEntityId("entity-" + i % ENTITIES)
        .setStatus("ok")
        .setValue(i)
        .setEventId("id-" + i)
        .build();
  }

  private void append(AppendRequest batch) {
    var answer =
        IngestServiceGrpc.newBlockingStub(writer.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .append(batch);
    assertThat(answer.getRejectionsList()).isEmpty();
  }
}
