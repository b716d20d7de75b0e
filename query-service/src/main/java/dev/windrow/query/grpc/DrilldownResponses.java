package dev.windrow.query.grpc;

import dev.windrow.query.answer.Answered;
import dev.windrow.query.answer.Drilled;
import dev.windrow.query.question.Drilldown;
import dev.windrow.query.v1.AnswerInfo;
import dev.windrow.query.v1.DrilldownRequest;
import dev.windrow.query.v1.DrilldownResponse;
import dev.windrow.query.v1.Exactness;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.runtime.config.Instance;

/** Writes what a row is made of as its response. */
final class DrilldownResponses {
  private DrilldownResponses() {}

  static DrilldownResponse of(
      DrilldownRequest request,
      Drilldown asked,
      Drilled drilled,
      SummaryPages pages,
      Instance instance) {
    SummarizeResponse row =
        SummarizeResponses.of(new Answered(drilled.row(), drilled.completeness()), instance);
    SummarizeResponse parts =
        SummarizeResponses.of(new Answered(drilled.parts(), drilled.completeness()), instance);
    var response =
        DrilldownResponse.newBuilder()
            .setRow(row.getRows(0).toBuilder().putAllGroup(request.getGroupMap()))
            .addAllParts(parts.getRowsList())
            .setTotalPartCount(parts.getTotalRowCount())
            .setNextPageToken(pages.next(drilled.parts()))
            .setEventsFilter(asked.eventsFilter())
            .setInfo(both(row.getInfo(), parts.getInfo()));
    if (request.getExplain()) {
      response.setRowPlan(row.getPlan()).setPartsPlan(parts.getPlan());
    }
    return response.build();
  }

  /** What both are worth: they are of one snapshot and one window. */
  private static AnswerInfo both(AnswerInfo row, AnswerInfo parts) {
    AnswerInfo.Builder both = parts.toBuilder();
    both.getFreshnessBuilder()
        .setDeltaRows(row.getFreshness().getDeltaRows() + parts.getFreshness().getDeltaRows());
    for (int i = 0; i < row.getExactnessCount(); i++) {
      if (row.getExactness(i).getExactness() == Exactness.EXACTNESS_SKETCH) {
        both.setExactness(i, row.getExactness(i));
      }
    }
    return both.build();
  }
}
