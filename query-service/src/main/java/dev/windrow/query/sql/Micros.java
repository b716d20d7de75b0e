package dev.windrow.query.sql;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Instants in microseconds since 1970-01-01T00:00Z, as this project counts, and as Java does. */
public final class Micros {
  private static final long PER_SECOND = 1_000_000;

  private Micros() {}

  /** Cuts finer digits off, downwards. */
  public static long of(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), PER_SECOND), instant.getNano() / 1000);
  }

  public static long of(OffsetDateTime time) {
    return of(time.toInstant());
  }

  public static Instant toInstant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1000L);
  }

  static OffsetDateTime toOffsetDateTime(long micros) {
    return toInstant(micros).atOffset(ZoneOffset.UTC);
  }

  static OffsetDateTime[] toOffsetDateTimes(long[] micros) {
    OffsetDateTime[] times = new OffsetDateTime[micros.length];
    for (int i = 0; i < micros.length; i++) {
      times[i] = toOffsetDateTime(micros[i]);
    }
    return times;
  }
}
