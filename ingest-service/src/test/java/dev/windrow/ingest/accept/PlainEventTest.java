package dev.windrow.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.copy.CopyFields;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The short way must take what the long way takes, byte for byte, or take nothing. */
class PlainEventTest {
  private static final Instant NOW = Instant.parse("2020-06-01T12:00:00Z");
  private static final AcceptancePolicy POLICY =
      new AcceptancePolicy(
          Duration.ofDays(10), Duration.ofMinutes(1), Clock.fixed(NOW, ZoneOffset.UTC));
  // A field that nobody knows: an event with it is not plain.
  private static final byte[] UNKNOWN = {(byte) 0xc2, 0x3e, 0};
  private static final String[] TEXTS = {
    "",
    "a",
    "region",
    "eu-west",
    "é",
    "\uD834\uDD1E",
    "\uFB01",
    "\"quoted\\",
    "tab\t\n\r\u0001",
    "\u007f",
    "0123456789abcdef",
    "x".repeat(200),
    "y".repeat(201)
  };

  private static byte @Nullable [] shortWay(byte[] event) {
    CopyFields rows = new CopyFields(16);
    PlainEvent plain = new PlainEvent(event, rows, 1, POLICY.oldest(NOW), POLICY.newest(NOW));
    boolean written = plain.write(0, event.length);
    assertThat(rows.length() > 0).isEqualTo(written);
    return written ? Arrays.copyOf(rows.bytes(), rows.length()) : null;
  }

  /** Null if the event is refused. */
  private static byte @Nullable [] longWay(byte[] event) throws InvalidProtocolBufferException {
    byte[] marked = Arrays.copyOf(event, event.length + UNKNOWN.length);
    System.arraycopy(UNKNOWN, 0, marked, event.length, UNKNOWN.length);
    EncodedEvents events = new EncodedEvents(marked);
    events.add(0, marked.length);
    EventBlock block = new EventAcceptance(POLICY, 1).accept(events).accepted();
    return block.isEmpty() ? null : StoredRow.bytes(block, 0);
  }

  private static String text(Random random) {
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private static Value value(Random random, int depth) {
    Value.Builder value = Value.newBuilder();
    switch (random.nextInt(depth > 3 ? 5 : 7)) {
      case 0 -> value.setNullValue(NullValue.NULL_VALUE);
      case 1 -> value.setBoolValue(random.nextBoolean());
      case 2 -> value.setNumberValue(random.nextInt(2000) - 1000);
      case 3 ->
          value.setNumberValue(
              List.of(0.1, -0.0, 1e15, 1e15 - 1, -1e300, Double.MIN_VALUE, 12345678.9)
                  .get(random.nextInt(7)));
      case 4 -> value.setStringValue(text(random));
      case 5 -> value.setStructValue(struct(random, depth + 1));
      default -> {
        ListValue.Builder list = ListValue.newBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.addValues(value(random, depth + 1));
        }
        value.setListValue(list);
      }
    }
    return value.build();
  }

  private static Struct struct(Random random, int depth) {
    Struct.Builder struct = Struct.newBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      struct.putFields(text(random), value(random, depth));
    }
    return struct.build();
  }

  private static Event event(Random random) {
    Event.Builder event =
        Event.newBuilder()
            .setOccurredAt(
                Timestamp.newBuilder()
                    .setSeconds(NOW.getEpochSecond() - random.nextInt(1000))
                    .setNanos(random.nextInt(1_000_000_000)))
            .setSource(text(random))
            .setType("type")
            .setEntityId("entity-" + random.nextInt(100))
            .setStatus(text(random));
    if (random.nextBoolean()) {
      event.setValue(random.nextGaussian());
    }
    if (random.nextBoolean()) {
      event.setAmount(random.nextLong());
    }
    if (random.nextInt(3) == 0) {
      event.setEventId(text(random));
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      event.putAttributes(text(random), text(random));
    }
    if (random.nextBoolean()) {
      event.setPayload(struct(random, 0));
    }
    return event.build();
  }

  @Test
  void write_ofAnOrdinaryEvent_isTheShortWay() throws Exception {
    Event event =
        Event.newBuilder()
            .setOccurredAt(Timestamp.newBuilder().setSeconds(NOW.getEpochSecond()).setNanos(1000))
            .setSource("source")
            .setType("type")
            .setEntityId("Zürich")
            .setStatus("ok")
            .setValue(1.5)
            .setAmount(-1)
            .putAttributes("b", "2")
            .putAttributes("a", "1")
            .setPayload(
                Struct.newBuilder().putFields("k", Value.newBuilder().setNumberValue(1).build()))
            .setEventId("id")
            .build();

    assertThat(shortWay(event.toByteArray())).isNotNull().isEqualTo(longWay(event.toByteArray()));
  }

  @Test
  void write_ofRandomEvents_agreesWithTheLongWay() throws Exception {
    int written = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      byte[] event = event(new Random(seed)).toByteArray();
      byte[] row = shortWay(event);
      if (row != null) {
        written++;
        assertThat(row).as("seed " + seed).isEqualTo(longWay(event));
      }
    }
    assertThat(written).isGreaterThan(5_000);
  }

  @Test
  void write_ofDamagedBytes_takesOnlyWhatTheLongWayTakes() {
    int written = 0;
    for (int seed = 0; seed < 100_000; seed++) {
      Random random = new Random(seed);
      byte[] event = event(random).toByteArray();
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        event[random.nextInt(event.length)] = (byte) random.nextInt(256);
      }
      if (random.nextInt(4) == 0) {
        event = Arrays.copyOf(event, random.nextInt(event.length));
      }
      byte[] row = shortWay(event);
      if (row != null) {
        written++;
        try {
          assertThat(row).as("seed " + seed).isEqualTo(longWay(event));
        } catch (InvalidProtocolBufferException e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }
    assertThat(written).isGreaterThan(1_000);
  }

  @Test
  void write_ofARepeatedField_leavesItToTheLongWay() throws Exception {
    byte[] once = event(new Random(3)).toBuilder().setSource("first").build().toByteArray();
    byte[] again = Event.newBuilder().setSource("second").build().toByteArray();
    byte[] both = Arrays.copyOf(once, once.length + again.length);
    System.arraycopy(again, 0, both, once.length, again.length);

    assertThat(shortWay(both)).isNull();
  }
}
