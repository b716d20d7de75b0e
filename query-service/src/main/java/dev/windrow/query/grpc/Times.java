package dev.windrow.query.grpc;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.TimeRange;

/** Times as the contract has them. */
public final class Times {
  private static final long MICROS_PER_SECOND = 1_000_000;

  private Times() {}

  public static Timestamp timestamp(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, MICROS_PER_SECOND))
        .setNanos((int) Math.floorMod(micros, MICROS_PER_SECOND) * 1000)
        .build();
  }

  static TimeWindow window(TimeRange range) {
    return TimeWindow.newBuilder()
        .setStartTime(timestamp(range.fromMicros()))
        .setEndTime(timestamp(range.toMicros()))
        .build();
  }
}
