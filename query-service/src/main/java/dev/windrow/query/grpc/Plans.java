package dev.windrow.query.grpc;

import dev.windrow.query.answer.Reading;
import dev.windrow.query.plan.Estimate;
import dev.windrow.query.plan.RatedPlan;
import dev.windrow.query.plan.Segment;
import dev.windrow.query.plan.WindowPlan;
import dev.windrow.query.v1.Plan;
import dev.windrow.query.v1.PlanAlternative;
import dev.windrow.query.v1.PlanEstimate;
import dev.windrow.query.v1.PlanSegment;
import dev.windrow.query.v1.Tier;
import dev.windrow.rollup.Dimension;
import java.util.stream.Collectors;

/** Writes how an answer was found. */
final class Plans {
  private Plans() {}

  static Plan of(Reading reading) {
    var plan =
        Plan.newBuilder()
            .setRollup(rollup(reading.plan()))
            .setRawReason(reading.plan().rawReason())
            .setBucketRows(reading.summary().bucketRows())
            .setDeltaRows(reading.summary().deltaRows())
            .setEventRows(reading.summary().eventRows())
            .setKeptRows(reading.summary().keptRows())
            .setEstimate(estimate(reading.choice().chosen().estimate()));
    reading.plan().segments().forEach(segment -> plan.addSegments(segment(segment)));
    reading.choice().rejected().forEach(rejected -> plan.addAlternatives(alternative(rejected)));
    return plan.build();
  }

  private static PlanAlternative alternative(RatedPlan rejected) {
    return PlanAlternative.newBuilder()
        .setRollup(rollup(rejected.plan()))
        .setEstimate(estimate(rejected.estimate()))
        .build();
  }

  private static PlanEstimate estimate(Estimate estimate) {
    return PlanEstimate.newBuilder()
        .setBucketRows(estimate.bucketRows())
        .setDeltaRows(estimate.deltaRows())
        .setEventRows(estimate.eventRows())
        .setCost(estimate.cost())
        .build();
  }

  private static String rollup(WindowPlan plan) {
    return plan.rollup()
        .map(
            rollup ->
                rollup.dimensions().stream().map(Dimension::name).collect(Collectors.joining(",")))
        .orElse("");
  }

  private static PlanSegment segment(Segment planned) {
    return PlanSegment.newBuilder()
        .setTier(
            switch (planned.tier()) {
              case RAW -> Tier.TIER_RAW;
              case MINUTE -> Tier.TIER_MINUTE;
              case HOUR -> Tier.TIER_HOUR;
              case DAY -> Tier.TIER_DAY;
            })
        .setWindow(Times.window(planned.range()))
        .build();
  }
}
