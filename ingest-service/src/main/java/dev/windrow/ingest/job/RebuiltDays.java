package dev.windrow.ingest.job;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Difference;
import dev.windrow.ingest.recompute.RollupReport;
import dev.windrow.job.v1.FieldDifference;
import dev.windrow.job.v1.RebuiltDay;
import dev.windrow.job.v1.RebuiltRollup;
import dev.windrow.job.v1.RowDifference;

/** Writes what became of a day as its message. */
final class RebuiltDays {
  private RebuiltDays() {}

  static RebuiltDay of(long runId, DayReport report) {
    var day =
        RebuiltDay.newBuilder()
            .setDay(report.day().toString())
            .setRunId(runId)
            .setEventsNotKept(report.outcome() == DayReport.Outcome.EVENTS_NOT_KEPT);
    report.rollups().forEach(rollup -> day.addRollups(of(rollup)));
    return day.build();
  }

  private static RebuiltRollup of(RollupReport report) {
    var rollup =
        RebuiltRollup.newBuilder()
            .setRollup(report.name())
            .setEventCount(report.findings().events())
            .setComparedRowCount(report.findings().comparedRows())
            .setDifferingRowCount(report.findings().differing())
            .setIncompleteRowCount(report.findings().incomplete())
            .setReplaced(report.replacement().replaced())
            .setWrittenRowCount(report.replacement().buckets());
    report.findings().first().forEach(difference -> rollup.addDifferences(of(difference)));
    return rollup.build();
  }

  private static RowDifference of(Difference difference) {
    var row =
        RowDifference.newBuilder()
            .setGrain(difference.grain())
            // No grain is finer than a minute.
            .setStartTime(Timestamp.newBuilder().setSeconds(difference.start().getEpochSecond()))
            .addAllKey(difference.key());
    for (Difference.Field field : difference.fields()) {
      row.addFields(
          FieldDifference.newBuilder()
              .setField(field.name())
              .setStored(field.stored())
              .setExpected(field.expected()));
    }
    return row.build();
  }
}
