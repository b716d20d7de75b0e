package dev.windrow.ingest.accept;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.windrow.event.v1.Event;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;

/** An event, and what becomes of it and its variants at a fixed time. */
final class TestAcceptance {
  private TestAcceptance() {}

  static final Instant NOW = Instant.parse("2020-06-01T12:00:00.5Z");
  static final EventAcceptance ACCEPTANCE =
      acceptance(java.time.Duration.ofDays(10), java.time.Duration.ofMinutes(1));

  static EventAcceptance acceptance(java.time.Duration maxAge, java.time.Duration maxFuture) {
    return new EventAcceptance(
        new AcceptancePolicy(maxAge, maxFuture, Clock.fixed(NOW, ZoneOffset.UTC)), 1);
  }

  /** Takes both ways: with a field that nobody knows, an event is not plain. */
  static AcceptedBatch accept(EventAcceptance acceptance, Event... events) {
    try {
      AcceptedBatch batch = acceptance.accept(StoredRow.encode(List.of(events)));
      List<Event> unknown = Arrays.stream(events).map(TestAcceptance::notPlain).toList();
      AcceptedBatch theLongWay = acceptance.accept(StoredRow.encode(unknown));
      assertThat(StoredRow.of(theLongWay.accepted())).isEqualTo(StoredRow.of(batch.accepted()));
      assertThat(theLongWay.rejected()).isEqualTo(batch.rejected());
      return batch;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Event notPlain(Event event) {
    return event.toBuilder()
        .setUnknownFields(
            UnknownFieldSet.newBuilder()
                .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build())
        .build();
  }

  static Event.Builder event() {
    return Event.newBuilder()
        .setOccurredAt(time("2020-06-01T11:00:00.123456Z"))
        .setSource("source")
        .setType("type")
        .setEntityId("entity")
        .setStatus("ok")
        .setValue(1.5)
        .setAmount(-7)
        .putAttributes("region", "eu")
        .putAttributes("zone", "b")
        .setPayload(struct("a", text("x"), "b", number(2)))
        .setEventId("id");
  }

  static Timestamp time(String at) {
    Instant instant = Instant.parse(at);
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Value text(String text) {
    return Value.newBuilder().setStringValue(text).build();
  }

  static Value number(double number) {
    return Value.newBuilder().setNumberValue(number).build();
  }

  static Struct struct(Object... namesAndValues) {
    Struct.Builder struct = Struct.newBuilder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      struct.putFields((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
    }
    return struct.build();
  }

  static StoredRow accepted(Event.Builder event) {
    return accepted(ACCEPTANCE, event);
  }

  static StoredRow accepted(EventAcceptance acceptance, Event.Builder event) {
    AcceptedBatch batch = accept(acceptance, event.build());
    assertThat(batch.rejected()).isEmpty();
    return StoredRow.of(batch.accepted()).get(0);
  }

  /** The reason and the field of a refusal. */
  static String rejected(Event.Builder event) {
    return rejected(ACCEPTANCE, event);
  }

  static String rejected(EventAcceptance acceptance, Event.Builder event) {
    AcceptedBatch batch = accept(acceptance, event.build());
    assertThat(batch.accepted().isEmpty()).isTrue();
    RejectedEvent rejected = batch.rejected().get(0);
    assertThat(rejected.message()).startsWith(rejected.field() + ": ");
    assertThat(rejected.at()).isEqualTo(NOW);
    return rejected.reason() + " " + rejected.field();
  }
}
