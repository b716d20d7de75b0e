package dev.windrow.benchmarks.harness;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Serializes events, before any clock runs. */
public final class Messages {
  private Messages() {}

  /** The messages of all these events, in order. */
  public static List<Message> encode(Iterator<LoadEvent> events, int perMessage) {
    List<Message> all = new ArrayList<>();
    while (events.hasNext()) {
      all.add(encodeOne(events, perMessage));
    }
    return all;
  }

  /** The next message. */
  public static Message encodeOne(Iterator<LoadEvent> events, int most) {
    AppendRequest.Builder append = AppendRequest.newBuilder();
    while (events.hasNext() && append.getEventsCount() < most) {
      append.addEvents(event(events.next()));
    }
    return new Message(append.build().toByteArray(), append.getEventsCount());
  }

  private static Event event(LoadEvent event) {
    Event.Builder built =
        Event.newBuilder()
            .setOccurredAt(timestamp(event.occurredAtMicros()))
            .setSource(event.source())
            .setType(event.type())
            .setEntityId(event.entityId())
            .setStatus(event.status())
            .setValue(event.value())
            .setAmount(event.amount());
    if (event.destination() != null) {
      built.putAttributes("destination", event.destination());
    }
    if (event.payload() != null) {
      built.setPayload(
          Struct.newBuilder()
              .putFields("channel", text(event.payload().channel()))
              .putFields("items", number(event.payload().items()))
              .putFields("weight", number(event.payload().weight())));
    }
    return built.build();
  }

  private static Timestamp timestamp(long micros) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(micros, 1_000_000))
        .setNanos(Math.floorMod(micros, 1_000_000) * 1000)
        .build();
  }

  private static Value text(String value) {
    return Value.newBuilder().setStringValue(value).build();
  }

  private static Value number(double value) {
    return Value.newBuilder().setNumberValue(value).build();
  }
}
