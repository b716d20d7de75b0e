package dev.windrow.query.testing;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Events of a few days, of the turn of a year and of that of a quarter, with few distinct
 * dimensions, awkward times and awkward numbers.
 */
public final class RandomEvents {
  /** The first instant of the days. */
  public static final long START =
      Instant.parse("2001-03-24T00:00:00Z").getEpochSecond() * 1_000_000;

  public static final long DAY = 86_400_000_000L;
  public static final int DAYS = 4;
  private static final long MINUTE = 60_000_000;
  private static final long TURN_OF_THE_YEAR = START - 83 * DAY;
  private static final long TURN_OF_THE_QUARTER = START + 7 * DAY;
  private static final int TURN_DAYS = 2;

  private RandomEvents() {}

  public static List<TestEvent> of(Random random, int count) {
    List<TestEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(one(random));
    }
    return events;
  }

  private static TestEvent one(Random random) {
    return new TestEvent(
        time(random),
        "source-" + random.nextInt(3),
        "type-" + random.nextInt(2),
        "entity-" + random.nextInt(20),
        random.nextInt(3) == 0 ? "" : "status-" + random.nextInt(2),
        value(random),
        random.nextBoolean() ? null : amount(random),
        random.nextInt(3) == 0 ? Map.of() : Map.of("region", "r" + random.nextInt(3)),
        null);
  }

  /** Any microsecond; often the first or the last one of a minute, an hour or a day. */
  public static long time(Random random) {
    long time =
        switch (random.nextInt(8)) {
          case 0 -> TURN_OF_THE_YEAR + (long) (random.nextDouble() * TURN_DAYS * DAY);
          case 1 -> TURN_OF_THE_QUARTER + (long) (random.nextDouble() * TURN_DAYS * DAY);
          default -> START + (long) (random.nextDouble() * DAYS * DAY);
        };
    return switch (random.nextInt(8)) {
      case 0 -> time - Math.floorMod(time, MINUTE);
      case 1 -> time - Math.floorMod(time, MINUTE) - 1;
      case 2 -> time - Math.floorMod(time, 60 * MINUTE);
      case 3 -> time - Math.floorMod(time, 60 * MINUTE) - 1;
      case 4 -> time - Math.floorMod(time, DAY);
      default -> time;
    };
  }

  private static @Nullable Double value(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> null;
      case 1 -> 0.1 * random.nextInt(10);
      case 2 -> -random.nextDouble();
      case 3 -> random.nextGaussian() * 1e15;
      case 4 -> random.nextDouble() * 1e-9;
      default -> (double) random.nextInt(1000);
    };
  }

  private static long amount(Random random) {
    return random.nextInt(50) == 0 ? Long.MAX_VALUE - random.nextInt(3) : random.nextInt(10_000);
  }
}
