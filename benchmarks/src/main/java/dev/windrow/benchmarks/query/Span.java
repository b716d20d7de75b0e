package dev.windrow.benchmarks.query;

import com.google.protobuf.Timestamp;
import dev.windrow.query.v1.TimeWindow;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** A window {@code [from, to)} as either side is told of it. */
record Span(Instant from, Instant to) {
  private static final ChronoUnit[] GRAINS = {
    ChronoUnit.MINUTES, ChronoUnit.HOURS, ChronoUnit.DAYS
  };
  private static final String[] NAMES = {"minute", "hour", "day"};

  /** The last part of it. */
  Span last(Duration length) {
    return new Span(to.minus(length), to);
  }

  TimeWindow window() {
    return TimeWindow.newBuilder().setStartTime(timestamp(from)).setEndTime(timestamp(to)).build();
  }

  /**
   * For SQL: {@code from} and {@code to}; and for each grain the begin of its first whole bucket,
   * {@code minute_from}, and the end of its last, {@code minute_to}.
   */
  Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("from", from);
    parameters.put("to", to);
    for (int i = 0; i < GRAINS.length; i++) {
      Instant before = from.truncatedTo(GRAINS[i]);
      parameters.put(
          NAMES[i] + "_from", before.equals(from) ? from : before.plus(GRAINS[i].getDuration()));
      parameters.put(NAMES[i] + "_to", to.truncatedTo(GRAINS[i]));
    }
    return parameters;
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
