package dev.windrow.quickstart.exactness;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.RejectionReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What a day with bad clocks and bad networks sends: sources whose clocks go wrong by minutes,
 * events days late, events far in the future, most of them in few seconds and of few entities, in
 * no order, and some of them twice.
 */
final class SkewedSeed {
  static final Duration MAX_AGE = Duration.ofDays(7);
  static final Duration MAX_FUTURE = Duration.ofMinutes(10);
  // The server's clock goes on while a test looks at its own.
  private static final long MARGIN = Duration.ofMinutes(5).toSeconds();

  /**
   * An event as it is sent.
   *
   * @param fate why it must be rejected; UNSPECIFIED if it must not
   */
  record Sent(Event event, RejectionReason fate) {}

  private final Random random;
  private final long now;
  private final String type;
  private final long[] skew = new long[4];

  SkewedSeed(long seed, Instant now) {
    random = new Random(seed);
    this.now = now.getEpochSecond();
    type = "seed-" + seed;
    for (int i = 0; i < skew.length; i++) {
      skew[i] = random.nextLong(-MARGIN, MARGIN);
    }
  }

  /** The type that all events of this seed have, and no others. */
  String type() {
    return type;
  }

  /** The requests, in the order in which they are sent. */
  List<List<Sent>> requests() {
    List<Sent> events = new ArrayList<>();
    for (int i = 20 + random.nextInt(60); i > 0; i--) {
      events.add(next(i));
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      events.add(events.get(random.nextInt(events.size())));
    }
    Collections.shuffle(events, random);
    List<List<Sent>> requests = new ArrayList<>();
    for (int from = 0; from < events.size(); ) {
      int to = Math.min(events.size(), from + 1 + random.nextInt(40));
      requests.add(List.copyOf(events.subList(from, to)));
      from = to;
    }
    return requests;
  }

  private Sent next(int number) {
    int source = random.nextInt(skew.length);
    return switch (random.nextInt(10)) {
      case 0 ->
          sent(number, source, now + future(), RejectionReason.REJECTION_REASON_TOO_FAR_IN_FUTURE);
      case 1 -> sent(number, source, now - tooOld(), RejectionReason.REJECTION_REASON_TOO_OLD);
      case 2, 3, 4 ->
          sent(
              number,
              source,
              now - random.nextLong(MAX_AGE.toSeconds() - MARGIN),
              RejectionReason.REJECTION_REASON_UNSPECIFIED);
      default ->
          sent(
              number,
              source,
              now + skew[source] - random.nextInt(3),
              RejectionReason.REJECTION_REASON_UNSPECIFIED);
    };
  }

  private long future() {
    return MAX_FUTURE.toSeconds() + MARGIN + random.nextLong(Duration.ofDays(400).toSeconds());
  }

  private long tooOld() {
    return MAX_AGE.toSeconds() + MARGIN + random.nextLong(Duration.ofDays(4000).toSeconds());
  }

  private Sent sent(int number, int source, long at, RejectionReason fate) {
    // Of four fifths one entity, as a square of a square is small.
    double drawn = random.nextDouble();
    Event.Builder event =
        Event.newBuilder()
            .setOccurredAt(
                Timestamp.newBuilder().setSeconds(at).setNanos(1000 * random.nextInt(1_000_000)))
            .setSource("source-" + source)
            .setType(type)
            .setEntityId("entity-" + (int) (10 * drawn * drawn * drawn * drawn))
            .setStatus(random.nextInt(3) == 0 ? "" : "status-" + random.nextInt(2))
            .setEventId(type + "/" + number);
    if (random.nextInt(8) > 0) {
      // Multiples of 1/8, whose sums are exact in any order.
      event.setValue(random.nextInt(1 << 16) / 8.0 - 1000);
    }
    if (random.nextBoolean()) {
      event.setAmount(random.nextInt(10_000) - 3_000);
    }
    if (random.nextBoolean()) {
      event.putAttributes("region", "r" + random.nextInt(3));
    }
    return new Sent(event.build(), fate);
  }
}
