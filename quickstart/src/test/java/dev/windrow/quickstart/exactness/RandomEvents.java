package dev.windrow.quickstart.exactness;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import java.time.Instant;
import java.util.Random;

/**
 * Events as the world sends them: spread over eleven days around a change of clocks, out of order,
 * late by days, with and without value, amount, attributes. Values are multiples of 1/8, so that
 * the database's own sum over them is exact and can be the judge.
 */
final class RandomEvents {
  static final long FROM = Instant.parse("2001-03-20T00:00:00Z").getEpochSecond();
  static final long SECONDS = 11 * 86_400L;
  static final int ENTITIES = 40;

  private final Random random;
  private long clock = FROM;

  RandomEvents(Random random) {
    this.random = random;
  }

  /**
   * The next event.
   *
   * @param name unique; kept in {@code attributes.n}
   */
  Event.Builder next(String name) {
    clock += random.nextInt(120);
    long at = random.nextInt(5) == 0 ? FROM + random.nextLong(SECONDS) : clock;
    at = FROM + Math.floorMod(at - FROM, SECONDS);
    Event.Builder event =
        Event.newBuilder()
            .setOccurredAt(
                Timestamp.newBuilder().setSeconds(at).setNanos(1000 * random.nextInt(1_000_000)))
            .setSource("s" + random.nextInt(4))
            .setType("t" + random.nextInt(2))
            .setEntityId("e" + random.nextInt(ENTITIES))
            .setStatus(random.nextInt(3) == 0 ? "" : "st" + random.nextInt(2))
            .putAttributes("n", name);
    if (random.nextInt(10) > 0) {
      event.setValue(value());
    }
    if (random.nextInt(10) > 0) {
      event.setAmount(random.nextInt(50) == 0 ? random.nextLong() : random.nextInt(10_000) - 3_000);
    }
    if (random.nextBoolean()) {
      event.putAttributes("region", "r" + random.nextInt(3));
    }
    return event;
  }

  private double value() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> -random.nextInt(1 << 20) / 8.0;
      default -> random.nextInt(1 << 20) / 8.0;
    };
  }
}
