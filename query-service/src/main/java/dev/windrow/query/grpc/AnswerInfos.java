package dev.windrow.query.grpc;

import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.Freshness;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.config.Instance;
import java.util.List;

/** Writes what an answer is worth. */
final class AnswerInfos {
  /** Grows when the meaning of rows or metrics changes. */
  private static final int SCHEMA_VERSION = 1;

  private AnswerInfos() {}

  static AnswerInfo of(
      Instance instance,
      SnapshotFacts facts,
      TimeRange window,
      long deltaRows,
      List<MetricExactness> exactness) {
    var freshness = Freshness.newBuilder().setDeltaRows(deltaRows);
    facts.newestOccurredAt().ifPresent(t -> freshness.setNewestOccurredAt(Times.timestamp(t)));
    facts.newestBatchTime().ifPresent(t -> freshness.setNewestBatchTime(Times.timestamp(t)));
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
    return info.build();
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
