package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendResponse;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.Job;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.JobState;
import dev.windrow.job.v1.ReadJobResultRequest;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.job.v1.VoidEventsJob;
import dev.windrow.job.v1.VoidOutcome;
import dev.windrow.job.v1.VoidedEvent;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.SummaryRow;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.v1.WatchSummaryResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Events are taken back. */
class VoidEventsIT extends BothServices {
  private static final int EVENTS = 600;

  @Test
  void whatIsTakenBack_countsNowhere_whateverAnswers() throws Exception {
    append(0, EVENTS);
    awaitCompacted();
    // Some in buckets, some in the live delta.
    append(EVENTS, EVENTS + 60);
    // The greatest value, on the second day; and one of the first.
    Job job = done(voided("double charge", 599, 0, 599, EVENTS));

    assertThat(job.getProgress().getDone()).isEqualTo(2);
    assertThat(job.getSpec().getVoidEvents().getReason()).isEqualTo("double charge");
    assertThat(job.getSpec().getVoidEvents().getEventsList()).isEmpty();
    assertThat(result(job))
        .extracting(VoidedEvent::getOutcome)
        .hasSize(3)
        .containsOnly(VoidOutcome.VOID_OUTCOME_VOIDED);
    assertThat(result(job).get(0).getName().getEventId()).isEqualTo("id-599");
    assertThat(result(job).get(0).getOccurredAt().getSeconds()).isEqualTo(at(599));
    SummaryRow row = summary("");
    assertThat(row.getValues(0).getInteger()).isEqualTo(EVENTS + 60 - 3);
    assertThat(row.getValues(1).getReal()).isEqualTo(1);
    assertThat(row.getValues(2).getReal()).isEqualTo(598);
    double sum = 0;
    for (int i = 0; i < EVENTS + 60; i++) {
      sum += i == 0 || i == 599 || i == EVENTS ? 0 : value(i);
    }
    assertThat(row.getValues(3).getReal()).isEqualTo(sum);
    // Of the same windows from the events themselves.
    assertThat(summary("attributes.n != nobody")).isEqualTo(row);
    assertThat(number("SELECT count(*) FROM events")).isEqualTo(EVENTS + 60 - 3);
    assertThat(differences()).isZero();
    assertThat(number("SELECT count(*) FROM recompute_runs WHERE void_batch_id IS NOT NULL"))
        .isEqualTo(6);
  }

  @Test
  void whatIsTakenBack_isKept_audited_andDoesNotComeBack() throws Exception {
    append(0, 10);
    Job job = done(voided("sent by mistake", 3));

    assertThat(
            number(
                "SELECT count(*) FROM voided_events WHERE event ->> 'value' = '3' AND event_id = 'id-3'"
                    + " AND reason = 'sent by mistake' AND 'jobs/' || job_id = '"
                    + job.getName()
                    + "'"))
        .isEqualTo(1);
    assertThat(
            number(
                "SELECT count(*) FROM audit_entries WHERE actor = '"
                    + job.getName()
                    + "'"
                    + " AND action = 'void' AND resource = 'event' AND resource_id = 'source-0/id-3'"
                    + " AND metadata #>> '{after,reason}' = 'sent by mistake'"))
        .isEqualTo(1);
    assertThatThrownBy(() -> execute("DELETE FROM audit_entries"))
        .hasMessageContaining("never changed");
    assertThatThrownBy(() -> execute("TRUNCATE audit_entries"))
        .hasMessageContaining("never changed");
    assertThatThrownBy(() -> execute("DELETE FROM voided_events")).hasMessageContaining("stays so");

    assertThat(append(3, 4).getDuplicateCount()).isEqualTo(1);
    assertThat(summary("").getValues(0).getInteger()).isEqualTo(9);

    Job again = done(voided("once more", 3, 4));
    assertThat(result(again))
        .extracting(VoidedEvent::getOutcome)
        .containsExactly(VoidOutcome.VOID_OUTCOME_VOIDED_BEFORE, VoidOutcome.VOID_OUTCOME_VOIDED);
    assertThat(result(again))
        .extracting(VoidedEvent::getJob)
        .containsExactly(job.getName(), again.getName());
    assertThat(summary("").getValues(0).getInteger()).isEqualTo(8);
  }

  @Test
  void eventThatNeverWas_failsTheJob_beforeAnythingIsChanged_unlessItMayBeMissing()
      throws Exception {
    append(0, 10);
    JobSpec spec = voided("", 1, 77);
    Job job = awaited(create(reason(spec, "one of them")));
    assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
    assertThat(job.getError().getReason()).isEqualTo("UNKNOWN_EVENT");
    assertThat(job.getError().getMetadataOrThrow("events")).isEqualTo("source-2/id-77");
    assertThat(summary("").getValues(0).getInteger()).isEqualTo(10);

    VoidEventsJob lenient =
        reason(spec, "what is there").getVoidEvents().toBuilder().setAllowMissing(true).build();
    Job passed = done(JobSpec.newBuilder().setVoidEvents(lenient).build());
    assertThat(result(passed))
        .extracting(VoidedEvent::getOutcome)
        .containsExactly(VoidOutcome.VOID_OUTCOME_VOIDED, VoidOutcome.VOID_OUTCOME_UNKNOWN_EVENT);
    assertThat(summary("").getValues(0).getInteger()).isEqualTo(9);
  }

  @Test
  void eventThatRetentionHasLetGo_failsTheJob() throws Exception {
    append(0, 10);
    awaitCompacted();
    execute(
        "INSERT INTO retention_horizons (tenant_id, tier, from_at) VALUES (1, 'raw', '2001-01-03Z')");
    Job job = awaited(create(voided("too late", 1)));
    assertThat(job.getError().getReason()).isEqualTo("EVENTS_NOT_KEPT");
    assertThat(summary("").getValues(0).getInteger()).isEqualTo(10);
    execute("DROP TABLE events_20010101");
    job = awaited(create(voided("much too late", 1)));
    assertThat(job.getError().getReason()).isEqualTo("EVENTS_NOT_KEPT");
    assertThat(job.getError().getMetadataOrThrow("events")).isEqualTo("source-1/id-1");
  }

  @Test
  void whoeverWatches_isToldOfACorrection() {
    append(0, 10);
    List<Long> counts = new CopyOnWriteArrayList<>();
    QueryServiceGrpc.newStub(reader.channel())
        .watchSummary(
            WatchSummaryRequest.newBuilder()
                .setQuestion(SummarizeRequest.newBuilder().setWindow(window()))
                .build(),
            new StreamObserver<>() {
              @Override
              public void onNext(WatchSummaryResponse message) {
                if (message.hasAnswer()) {
                  counts.add(message.getAnswer().getRows(0).getValues(0).getInteger());
                }
              }

              @Override
              public void onError(Throwable error) {}

              @Override
              public void onCompleted() {}
            });
    await().atMost(PATIENCE).until(() -> counts.equals(List.of(10L)));
    done(voided("watched", 5));
    await().atMost(PATIENCE).until(() -> counts.equals(List.of(10L, 9L)));
  }

  private static long at(int i) {
    return NEW_YEAR + DAY * 2 * (i % EVENTS) / EVENTS;
  }

  private static double value(int i) {
    return i % EVENTS;
  }

  private AppendResponse append(int from, int to) {
    AppendRequest.Builder batch = AppendRequest.newBuilder();
    for (int i = from; i < to; i++) {
      batch.addEvents(
          Event.newBuilder()
              .setOccurredAt(Timestamp.newBuilder().setSeconds(at(i)))
              .setSource("source-" + i % 3)
              .setType("type")
              .setEntityId("entity-" + i % 7)
              .setStatus(i % 5 == 0 ? "failed" : "ok")
              .setValue(value(i))
              .setEventId("id-" + i));
    }
    AppendResponse answer =
        IngestServiceGrpc.newBlockingStub(writer.channel())
            .withDeadlineAfter(30, TimeUnit.SECONDS)
            .append(batch.build());
    assertThat(answer.getRejectionsList()).isEmpty();
    return answer;
  }

  private static JobSpec voided(String reason, int... events) {
    VoidEventsJob.Builder job = VoidEventsJob.newBuilder().setReason(reason);
    for (int i : events) {
      job.addEvents(EventName.newBuilder().setSource("source-" + i % 3).setEventId("id-" + i));
    }
    return JobSpec.newBuilder().setVoidEvents(job).build();
  }

  private static JobSpec reason(JobSpec spec, String reason) {
    return JobSpec.newBuilder()
        .setVoidEvents(spec.getVoidEvents().toBuilder().setReason(reason))
        .build();
  }

  private List<VoidedEvent> result(Job job) {
    List<VoidedEvent> events = new ArrayList<>();
    jobs()
        .readJobResult(ReadJobResultRequest.newBuilder().setName(job.getName()).build())
        .forEachRemaining(page -> events.addAll(page.getVoidedEvents().getEventsList()));
    return events;
  }

  private long differences() {
    Job job =
        done(JobSpec.newBuilder().setVerify(VerifyJob.newBuilder().setWindow(window())).build());
    long[] differing = {0};
    jobs()
        .readJobResult(ReadJobResultRequest.newBuilder().setName(job.getName()).build())
        .forEachRemaining(
            page ->
                page.getRebuiltDay()
                    .getRollupsList()
                    .forEach(rollup -> differing[0] += rollup.getDifferingRowCount()));
    return differing[0];
  }

  private SummaryRow summary(String filter) {
    var question =
        SummarizeRequest.newBuilder()
            .setWindow(window())
            .setFilter(filter)
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_COUNT))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_MIN))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_MAX))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_SUM))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_STDDEV))
            .addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_DISTINCT_ENTITIES));
    return QueryServiceGrpc.newBlockingStub(reader.channel())
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .summarize(question.build())
        .getRows(0);
  }
}
