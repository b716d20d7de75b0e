package dev.windrow.quickstart.injection;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.windrow.catalog.v1.CreateMetricDefinitionRequest;
import dev.windrow.catalog.v1.CreateReportRequest;
import dev.windrow.catalog.v1.FeatureFlag;
import dev.windrow.catalog.v1.ListAuditEntriesRequest;
import dev.windrow.catalog.v1.SetFeatureFlagRequest;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import dev.windrow.ingest.v1.SourceWatermark;
import dev.windrow.job.v1.CreateJobRequest;
import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.ExportJob;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.RecomputeJob;
import dev.windrow.job.v1.SummaryJob;
import dev.windrow.job.v1.VerifyJob;
import dev.windrow.job.v1.VoidEventsJob;
import dev.windrow.query.v1.Execution;
import dev.windrow.query.v1.Interval;
import dev.windrow.query.v1.Measure;
import dev.windrow.query.v1.Metric;
import dev.windrow.query.v1.ReportBreakdown;
import dev.windrow.query.v1.ReportKind;
import dev.windrow.query.v1.ReportSpec;
import dev.windrow.query.v1.ReportWindow;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Valid requests for texts to be put into. What a method needs beside a text to come to the text
 * stands here; a request of a method that is not named here has set what {@link #forField} knows
 * the name of, and nothing else.
 */
final class Requests {
  private static final String QUESTION_OF_JOB = "spec.summary.question.";
  private static final String AT = "2001-01-01T10:00:00Z";
  private static final TimeWindow WINDOW =
      TimeWindow.newBuilder()
          .setStartTime(time("2001-01-01T00:00:00Z"))
          .setEndTime(time("2001-01-02T00:00:00Z"))
          .build();

  // Each append with a sequence is of a new producer, so that none is a repeat.
  private static final AtomicLong PRODUCERS = new AtomicLong();

  private Requests() {}

  /** For this field of the method's request. */
  static Message forField(Message empty, TextField field) {
    if (empty instanceof AppendRequest) {
      return append(field);
    }
    if (empty instanceof AppendStreamRequest) {
      TextField inner = new TextField(field.path().subList(1, field.path().size()));
      return AppendStreamRequest.newBuilder().setAppend(append(inner)).build();
    }
    if (empty instanceof Event) {
      return event();
    }
    if (empty instanceof CreateJobRequest) {
      return createJob(field);
    }
    if (empty instanceof CreateMetricDefinitionRequest) {
      return metric(field.name());
    }
    if (empty instanceof CreateReportRequest) {
      return report();
    }
    if (empty instanceof SetFeatureFlagRequest) {
      return SetFeatureFlagRequest.newBuilder().setFlag(FeatureFlag.FEATURE_FLAG_ROLLUPS).build();
    }
    if (empty instanceof ListAuditEntriesRequest) {
      return ListAuditEntriesRequest.newBuilder().setResource("rollup").build();
    }
    if (empty instanceof SummarizeRequest) {
      return summarize(field.name());
    }
    Message.Builder request = empty.toBuilder();
    for (FieldDescriptor needed : empty.getDescriptorForType().getFields()) {
      switch (needed.getName()) {
        case "question" -> request.setField(needed, inner(field.innerName()));
        case "window" -> request.setField(needed, WINDOW);
        case "by" -> request.setField(needed, "source");
        case "report" -> request.setField(needed, "volume-by-period");
        default -> {}
      }
    }
    return request.build();
  }

  private static CreateJobRequest createJob(TextField field) {
    JobSpec.Builder spec = JobSpec.newBuilder();
    if (field.name().startsWith(QUESTION_OF_JOB)) {
      String inner = field.name().substring(QUESTION_OF_JOB.length());
      spec.setSummary(
          SummaryJob.newBuilder().setQuestion(summarize(inner).toBuilder().clearExecution()));
    } else if (field.name().startsWith("spec.verify")) {
      spec.setVerify(VerifyJob.newBuilder().setWindow(WINDOW));
    } else if (field.name().startsWith("spec.recompute")) {
      spec.setRecompute(RecomputeJob.newBuilder().setWindow(WINDOW));
    } else if (field.name().startsWith("spec.void_events")) {
      spec.setVoidEvents(
          VoidEventsJob.newBuilder()
              .addEvents(EventName.newBuilder().setSource("source").setEventId("id"))
              .setReason("reason"));
    } else if (field.name().startsWith("spec.create_rollup")) {
      spec.setCreateRollup(CreateRollupJob.newBuilder().addDimensions("type"));
    } else {
      spec.setExport(ExportJob.newBuilder().setWindow(WINDOW));
    }
    return CreateJobRequest.newBuilder().setSpec(spec).build();
  }

  private static CreateMetricDefinitionRequest metric(String field) {
    Metric.Builder metric = Metric.newBuilder();
    if (field.startsWith("metric.status")) {
      metric.setMeasure(Measure.MEASURE_STATUS_SHARE);
    } else if (!field.equals("metric.definition")) {
      metric.setMeasure(Measure.MEASURE_COUNT);
    }
    return CreateMetricDefinitionRequest.newBuilder()
        .setName("named")
        .setMetric(metric)
        .setDescription("description")
        .build();
  }

  private static CreateReportRequest report() {
    return CreateReportRequest.newBuilder()
        .setName("named")
        .setKind(ReportKind.REPORT_KIND_SUMMARY)
        .setTitle("title")
        .setDescription("description")
        .setSpec(
            ReportSpec.newBuilder()
                .setSchemaVersion(1)
                .addWindows(
                    ReportWindow.newBuilder()
                        .setName("7d")
                        .setLength(com.google.protobuf.Duration.newBuilder().setSeconds(604_800)))
                .addBreakdowns(ReportBreakdown.newBuilder().setName("all"))
                .setDefaultLimit(1)
                .setMaxLimit(1))
        .build();
  }

  private static AppendRequest append(TextField field) {
    AppendRequest.Builder request = AppendRequest.newBuilder();
    switch (field.path().get(0).getNumber()) {
      case AppendRequest.EVENTS_FIELD_NUMBER -> request.addEvents(event());
      case AppendRequest.PRODUCER_ID_FIELD_NUMBER -> request.addEvents(event()).setSequence(1);
      default ->
          request
              .setProducerId("producer-" + PRODUCERS.incrementAndGet())
              .setSequence(1)
              .addSourceWatermarks(SourceWatermark.newBuilder().setCompleteUntil(time(AT)));
    }
    return request.build();
  }

  private static Event event() {
    return Event.newBuilder()
        .setOccurredAt(time(AT))
        .setSource("source")
        .setType("type")
        .setEntityId("entity")
        .build();
  }

  private static SummarizeRequest summarize(String field) {
    SummarizeRequest.Builder request = SummarizeRequest.newBuilder().setWindow(WINDOW);
    switch (field) {
      case "time_zone" -> request.setInterval(Interval.INTERVAL_HOUR);
      case "order_by" -> request.addGroupBy("source").addGroupBy("attributes.key");
      case "metrics.status", "metrics.statuses" ->
          request.addMetrics(Metric.newBuilder().setMeasure(Measure.MEASURE_STATUS_SHARE));
      case "request_id" -> request.setExecution(Execution.EXECUTION_AUTO);
      default -> {}
    }
    return request.build();
  }

  // A question within another request may not have groups where that one has none, and is answered
  // as
  // that one is.
  private static SummarizeRequest inner(String field) {
    return summarize(field).toBuilder().clearGroupBy().clearExecution().build();
  }

  private static Timestamp time(String text) {
    try {
      return Timestamps.parse(text);
    } catch (java.text.ParseException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** As JSON, for messages of tests. */
  static String described(Message request) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(request);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return request.toString();
    }
  }
}
