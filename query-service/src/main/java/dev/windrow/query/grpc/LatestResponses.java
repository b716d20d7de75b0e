package dev.windrow.query.grpc;

import dev.windrow.query.latest.LatestPage;
import dev.windrow.query.latest.LatestQuestion;
import dev.windrow.query.latest.LatestStats;
import dev.windrow.query.v1.GetLatestResponse;
import dev.windrow.query.v1.GetStatsResponse;
import dev.windrow.query.v1.LatestEvent;
import dev.windrow.runtime.config.Instance;
import java.util.List;
import java.util.Optional;

/** Writes newest events as responses. */
final class LatestResponses {
  private LatestResponses() {}

  static GetLatestResponse of(LatestQuestion question, LatestPage page, Instance instance) {
    var info =
        AnswerInfos.of(
                instance,
                page.facts(),
                question.window(),
                page.reading().summary().deltaRows(),
                List.of(),
                page.completeness())
            .toBuilder()
            .setPosition(page.position());
    var response =
        GetLatestResponse.newBuilder().setNextPageToken(page.nextPageToken()).setInfo(info);
    page.lines().forEach(line -> response.addEvents(event(line)));
    if (question.explain()) {
      response.setPlan(Plans.of(page.reading()));
    }
    return response.build();
  }

  static GetStatsResponse of(LatestQuestion question, LatestStats stats, Instance instance) {
    var response =
        GetStatsResponse.newBuilder()
            .setPairCount(stats.pairs())
            .addAllProgressDistribution(stats.progress())
            .setWithoutValueCount(stats.withoutValue())
            .setInfo(
                AnswerInfos.of(
                    instance,
                    stats.facts(),
                    question.window(),
                    stats.reading().summary().deltaRows(),
                    List.of(),
                    Optional.of(stats.completeness())));
    stats
        .newestOccurredAt()
        .ifPresent(newest -> response.setNewestOccurredAt(Times.timestamp(newest)));
    if (!instance.instanceId().isEmpty()) {
      response.setInstanceId(instance.instanceId());
    }
    if (!instance.env().isEmpty()) {
      response.setEnv(instance.env());
    }
    return response.build();
  }

  private static LatestEvent event(LatestPage.Line line) {
    var event =
        LatestEvent.newBuilder()
            .setType(line.pair().type())
            .setEntityId(line.pair().entityId())
            .setOccurredAt(Times.timestamp(line.event().occurredAtMicros()))
            .setStatus(line.event().status())
            .setBatchId(line.event().batchId())
            .setBatchIndex(line.event().batchIndex());
    Double value = line.event().value();
    if (value != null) {
      event.setValue(value);
    }
    return event.build();
  }
}
