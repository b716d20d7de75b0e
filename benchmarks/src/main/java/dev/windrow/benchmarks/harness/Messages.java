package dev.windrow.benchmarks.harness;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.AppendStreamRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Serializes events into numbered messages of named producers, before any clock runs. */
public final class Messages {
  private Messages() {}

  /**
   * Names of producers.
   *
   * @param load what they are for; each load has its own, because sequences begin with 1
   */
  public record Numbering(String load, int count) {
    String id(int producer) {
      return load + "-" + producer;
    }
  }

  /**
   * Deals the events out to the producers, message by message.
   *
   * @return the messages of each producer, in order
   */
  public static List<List<Message>> encode(
      Iterator<LoadEvent> events, int perMessage, Numbering producers) {
    return encode(events, perMessage, producers, new long[producers.count()]);
  }

  /**
   * The same, for loads that go on.
   *
   * @param sequences of the last message of each producer; moved on
   */
  public static List<List<Message>> encode(
      Iterator<LoadEvent> events, int perMessage, Numbering producers, long[] sequences) {
    List<List<Message>> all = new ArrayList<>();
    for (int i = 0; i < producers.count(); i++) {
      all.add(new ArrayList<>());
    }
    for (int turn = 0; events.hasNext(); turn = (turn + 1) % producers.count()) {
      List<Message> own = all.get(turn);
      own.add(encodeOne(events, perMessage, producers.id(turn), ++sequences[turn]));
    }
    return all;
  }

  private static Message encodeOne(
      Iterator<LoadEvent> events, int most, String producerId, long sequence) {
    return encodeOne(
        events, most, AppendRequest.newBuilder().setProducerId(producerId).setSequence(sequence));
  }

  /** One message that may be sent any number of times, and is stored each time. */
  public static Message unnumbered(Iterator<LoadEvent> events, int most) {
    return encodeOne(events, most, AppendRequest.newBuilder());
  }

  private static Message encodeOne(
      Iterator<LoadEvent> events, int most, AppendRequest.Builder append) {
    while (events.hasNext() && append.getEventsCount() < most) {
      append.addEvents(event(events.next()));
    }
    return new Message(
        AppendStreamRequest.newBuilder().setAppend(append).build().toByteArray(),
        append.getEventsCount());
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
