package dev.windrow.query.grpc;

import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.v1.WatchGoingAway;
import dev.windrow.query.v1.WatchHeartbeat;
import dev.windrow.query.v1.WatchSummaryResponse;

/** Writes what a watch tells. */
final class WatchResponses {
  private WatchResponses() {}

  static WatchSummaryResponse answer(SummarizeResponse answer) {
    return WatchSummaryResponse.newBuilder().setAnswer(answer).build();
  }

  static WatchSummaryResponse heartbeat(String position, long micros) {
    return WatchSummaryResponse.newBuilder()
        .setHeartbeat(
            WatchHeartbeat.newBuilder().setPosition(position).setAsOfTime(Times.timestamp(micros)))
        .build();
  }

  static WatchSummaryResponse goingAway(String position) {
    return WatchSummaryResponse.newBuilder()
        .setGoingAway(WatchGoingAway.newBuilder().setPosition(position))
        .build();
  }
}
