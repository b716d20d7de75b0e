package dev.windrow.ingest.flush;

import java.util.Arrays;
import java.util.List;

/** How many events a flush has within one hour, and in each of its minutes. */
final class HourLoad {
  private static final int MINUTES = 60;
  private static final long MINUTE_MICROS = 60_000_000L;

  private final int[] ofMinutes = new int[MINUTES];
  private int events;

  void add(long microsOfHour) {
    events++;
    ofMinutes[(int) (microsOfHour / MINUTE_MICROS)]++;
  }

  int events() {
    return events;
  }

  /** The events of each minute that has some. */
  List<Integer> ofMinutes() {
    return Arrays.stream(ofMinutes).filter(of -> of > 0).boxed().toList();
  }
}
