package dev.windrow.query.grpc;

import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.answer.Reading;
import dev.windrow.query.read.ArrivalCounts;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SourceWatermarks;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.Arrivals;
import dev.windrow.query.v1.Coverage;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Freshness;
import dev.windrow.query.v1.MissingReason;
import dev.windrow.query.worth.Completeness;
import dev.windrow.query.worth.MissingInterval;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.config.Instance;
import java.util.List;
import java.util.Optional;

/** Writes what an answer is worth. */
final class AnswerInfos {
  /** Grows when the meaning of rows or metrics changes. */
  private static final int SCHEMA_VERSION = 1;

  private AnswerInfos() {}

  /** What is told of an answer to a question. */
  static AnswerInfo of(
      Instance instance,
      SnapshotFacts facts,
      Reading reading,
      long deltaRows,
      List<MetricExactness> exactness,
      Optional<Completeness> completeness) {
    TimeRange window = reading.question().window();
    AnswerInfo info = of(instance, facts, window, deltaRows, exactness, completeness);
    String reason = reading.snappedReason();
    return reason.isEmpty() ? info : snapped(info, reason);
  }

  /** The same of an answer about a part of the window that was asked for. */
  static AnswerInfo snapped(AnswerInfo info, String reason) {
    var snapped = info.toBuilder().setEffectiveWindowReason(reason);
    snapped
        .getExactnessBuilderList()
        .forEach(metric -> metric.setExactness(Exactness.EXACTNESS_SNAPPED));
    return snapped.build();
  }

  /** The same of an answer that leaves out what has not been compacted. */
  static AnswerInfo compacted(AnswerInfo info) {
    var compacted = info.toBuilder();
    compacted
        .getExactnessBuilderList()
        .forEach(metric -> metric.setExactness(Exactness.EXACTNESS_COMPACTED));
    return compacted.build();
  }

  /** What is told of any other answer. */
  static AnswerInfo of(
      Instance instance,
      SnapshotFacts facts,
      TimeRange window,
      long deltaRows,
      List<MetricExactness> exactness,
      Optional<Completeness> completeness) {
    var freshness = Freshness.newBuilder().setDeltaRows(deltaRows);
    facts.newestOccurredAt().ifPresent(t -> freshness.setNewestOccurredAt(Times.timestamp(t)));
    facts.newestBatchTime().ifPresent(t -> freshness.setNewestBatchTime(Times.timestamp(t)));
    completeness.map(Completeness::watermarks).ifPresent(found -> addWatermarks(freshness, found));
    var info =
        AnswerInfo.newBuilder()
            .setSnapshotTime(Times.timestamp(facts.snapshotTime()))
            .setPosition(facts.position())
            .setEffectiveWindow(Times.window(window))
            .setFreshness(freshness)
            .setSchemaVersion(SCHEMA_VERSION)
            .setInstanceId(instance.instanceId())
            .setEnv(instance.env());
    exactness.forEach(metric -> info.addExactness(exactness(metric)));
    completeness
        .flatMap(Completeness::coverage)
        .ifPresent(coverage -> info.setCoverage(coverage(coverage)));
    completeness
        .flatMap(Completeness::arrivals)
        .ifPresent(found -> info.setArrivals(arrivals(found)));
    return info.build();
  }

  private static void addWatermarks(Freshness.Builder freshness, SourceWatermarks watermarks) {
    freshness.setUnlistedSourceCount(watermarks.unlisted());
    for (var watermark : watermarks.listed()) {
      freshness
          .addSourceWatermarksBuilder()
          .setSource(watermark.source())
          .setCompleteUntil(Times.timestamp(watermark.completeUntil()))
          .setDeclaredTime(Times.timestamp(watermark.declaredAt()));
    }
  }

  private static Arrivals arrivals(ArrivalCounts found) {
    return Arrivals.newBuilder()
        .setWindow(Times.window(found.window()))
        .setLateCount(found.late())
        .setDuplicateCount(found.duplicate())
        .setRejectedCount(found.rejected())
        .build();
  }

  private static Coverage coverage(dev.windrow.query.worth.Coverage found) {
    var coverage = Coverage.newBuilder().setShare(found.share());
    for (MissingInterval missing : found.missing()) {
      coverage
          .addMissingBuilder()
          .setWindow(Times.window(missing.range()))
          .setReason(
              switch (missing.reason()) {
                case AFTER_WATERMARK -> MissingReason.MISSING_REASON_AFTER_WATERMARK;
                case FUTURE -> MissingReason.MISSING_REASON_FUTURE;
              })
          .setSource(missing.source());
    }
    return coverage.build();
  }

  private static dev.windrow.query.v1.MetricExactness exactness(MetricExactness metric) {
    return dev.windrow.query.v1.MetricExactness.newBuilder()
        .setName(metric.name())
        .setExactness(metric.sketch() ? Exactness.EXACTNESS_SKETCH : Exactness.EXACTNESS_EXACT)
        .setRelativeError(metric.relativeError())
        .setConfidence(metric.confidence())
        .build();
  }
}
