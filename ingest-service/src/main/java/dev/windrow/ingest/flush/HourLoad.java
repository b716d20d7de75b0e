package dev.windrow.ingest.flush;

/** How many events a flush has within one hour, and in which of its minutes. */
final class HourLoad {
  private static final long MINUTE_MICROS = 60_000_000L;

  private int events;
  private long minutes;

  void add(long microsOfHour) {
    events++;
    minutes |= 1L << (microsOfHour / MINUTE_MICROS);
  }

  int events() {
    return events;
  }

  int minutes() {
    return Long.bitCount(minutes);
  }
}
