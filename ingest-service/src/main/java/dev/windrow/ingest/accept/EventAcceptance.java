package dev.windrow.ingest.accept;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.accept.RejectedEvent.Reason;
import dev.windrow.ingest.copy.CopyFields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Checks events one by one against the rules of the contract. Stateless; for any thread. */
public final class EventAcceptance {
  static final int NAME_CHARS = 200;
  static final int ENTITY_CHARS = 500;
  static final int ATTRIBUTES = 32;
  static final int ATTRIBUTE_NAME_CHARS = 100;
  static final int ATTRIBUTE_VALUE_CHARS = 1000;
  static final int PAYLOAD_BYTES = 64 << 10;
  // Year 1 to 9999, as google.protobuf.Timestamp has it.
  private static final long MIN_SECONDS = -62_135_596_800L;
  private static final long MAX_SECONDS = 253_402_300_799L;
  // About what a row has beyond the event's own bytes.
  private static final int ROW_BYTES = 80;
  // What a refusal weighs beside its message.
  private static final int REFUSAL_BYTES = 100;

  private final AcceptancePolicy policy;
  private final int tenantId;

  /**
   * @param tenantId the owner of all events that are accepted
   */
  public EventAcceptance(AcceptancePolicy policy, int tenantId) {
    this.policy = policy;
    this.tenantId = tenantId;
  }

  /** The latest time at which an event may have happened. */
  public Instant newestTaken() {
    return policy.newest(policy.clock().instant());
  }

  /**
   * Sorts the events of one request.
   *
   * @throws InvalidProtocolBufferException if the bytes of one are no event
   */
  public AcceptedBatch accept(EncodedEvents events) throws InvalidProtocolBufferException {
    Instant now = policy.clock().instant();
    int count = events.size();
    CopyFields rows = new CopyFields(events.bytes() + ROW_BYTES * count);
    PlainEvent plain =
        new PlainEvent(events.message(), rows, tenantId, policy.oldest(now), policy.newest(now));
    int[] starts = new int[count + 1];
    int[] indexes = new int[count];
    List<IdentifiedEvent> identified = new ArrayList<>(0);
    List<RejectedEvent> rejected = new ArrayList<>(0);
    int accepted = 0;
    for (int i = 0; i < count; i++) {
      if (plain.write(events.start(i), events.end(i))) {
        if (plain.hasEventId()) {
          identified.add(plain.identified(accepted));
        }
      } else {
        Event event = Event.parser().parseFrom(events.message(), events.start(i), events.length(i));
        try {
          AcceptedEvent checked = accept(event, now);
          checked.appendTo(rows, tenantId);
          if (!checked.eventId().isEmpty()) {
            identified.add(checked.identified(accepted));
          }
        } catch (Refusal refusal) {
          rejected.add(
              new RejectedEvent(
                  i, refusal.reason, refusal.field, refusal.rule(), now, timeOrNone(event)));
          continue;
        }
      }
      indexes[accepted] = i;
      accepted++;
      starts[accepted] = rows.length();
    }
    return batch(rows, starts, indexes, accepted, identified, rejected);
  }

  private static AcceptedBatch batch(
      CopyFields rows,
      int[] starts,
      int[] indexes,
      int accepted,
      List<IdentifiedEvent> identified,
      List<RejectedEvent> rejected) {
    boolean all = accepted == indexes.length;
    EventBlock block =
        new EventBlock(
            rows.bytes(),
            all ? starts : Arrays.copyOf(starts, accepted + 1),
            all ? indexes : Arrays.copyOf(indexes, accepted),
            identified);
    long bytes = block.bytes();
    for (RejectedEvent event : rejected) {
      // Refusals wait in the lane with the rest: an empty event has a long one.
      bytes += REFUSAL_BYTES + 2L * event.message().length();
    }
    return new AcceptedBatch(block, rejected, bytes);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private AcceptedEvent accept(Event event, Instant now) {
    long occurredAt = time(event, now);
    text("source", event.getSource(), NAME_CHARS, true);
    text("type", event.getType(), NAME_CHARS, true);
    text("entity_id", event.getEntityId(), ENTITY_CHARS, true);
    text("status", event.getStatus(), NAME_CHARS, false);
    text("event_id", event.getEventId(), NAME_CHARS, false);
    if (event.hasValue() && !Double.isFinite(event.getValue())) {
      throw new Refusal(Reason.INVALID_VALUE, "value", "must be finite, got " + event.getValue());
    }
    Map<String, String> attributes = attributes(event);
    return new AcceptedEvent(
        occurredAt,
        event.getSource(),
        event.getType(),
        event.getEntityId(),
        event.getStatus(),
        event.hasValue() ? (Double) event.getValue() : null,
        event.hasAmount() ? (Long) event.getAmount() : null,
        attributes.isEmpty() ? "" : JsonText.of(attributes),
        orEmpty(payload(event)),
        event.getEventId());
  }

  private long time(Event event, Instant now) {
    if (!event.hasOccurredAt()) {
      throw new Refusal(Reason.MISSING_FIELD, "occurred_at", "is required");
    }
    Timestamp time = event.getOccurredAt();
    if (!isTime(time)) {
      throw new Refusal(
          Reason.INVALID_VALUE,
          "occurred_at",
          "must be between the years 1 and 9999 with nanos from 0 to 999999999, got seconds "
              + time.getSeconds()
              + " and nanos "
              + time.getNanos());
    }
    Instant at = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    if (at.isBefore(policy.oldest(now))) {
      throw new Refusal(
          Reason.TOO_OLD,
          "occurred_at",
          "must not be before " + policy.oldest(now) + ", got " + at);
    }
    if (at.isAfter(policy.newest(now))) {
      throw new Refusal(
          Reason.TOO_FAR_IN_FUTURE,
          "occurred_at",
          "must not be after " + policy.newest(now) + ", got " + at);
    }
    return micros(time);
  }

  private static long timeOrNone(Event event) {
    return event.hasOccurredAt() && isTime(event.getOccurredAt())
        ? micros(event.getOccurredAt())
        : RejectedEvent.NO_TIME;
  }

  private static boolean isTime(Timestamp time) {
    return time.getSeconds() >= MIN_SECONDS
        && time.getSeconds() <= MAX_SECONDS
        && time.getNanos() >= 0
        && time.getNanos() <= 999_999_999;
  }

  private static long micros(Timestamp time) {
    return time.getSeconds() * 1_000_000 + time.getNanos() / 1000;
  }

  private static Map<String, String> attributes(Event event) {
    if (event.getAttributesCount() == 0) {
      return Map.of();
    }
    if (event.getAttributesCount() > ATTRIBUTES) {
      throw new Refusal(
          Reason.TOO_LONG,
          "attributes",
          "must have at most " + ATTRIBUTES + " entries, got " + event.getAttributesCount());
    }
    // Sorted, so that equal maps have equal text.
    Map<String, String> attributes = new TreeMap<>(event.getAttributesMap());
    attributes.forEach(
        (name, value) -> {
          text("attributes", name, ATTRIBUTE_NAME_CHARS, true);
          text("attributes." + name, value, ATTRIBUTE_VALUE_CHARS, false);
        });
    return attributes;
  }

  private static @Nullable String payload(Event event) {
    if (!event.hasPayload()) {
      return null;
    }
    String json;
    try {
      json = JsonText.of(event.getPayload());
    } catch (IllegalArgumentException e) {
      throw new Refusal(Reason.INVALID_VALUE, "payload", e.getMessage());
    }
    int bytes = json.length() > PAYLOAD_BYTES ? json.length() : utf8Length(json);
    if (bytes > PAYLOAD_BYTES) {
      throw new Refusal(
          Reason.TOO_LONG,
          "payload",
          "must be at most " + PAYLOAD_BYTES + " bytes as JSON, got " + bytes);
    }
    return json;
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static void text(String field, String value, int maxChars, boolean required) {
    if (required && value.isEmpty()) {
      throw new Refusal(Reason.MISSING_FIELD, field, "is required");
    }
    if (value.length() > maxChars) {
      throw new Refusal(
          Reason.TOO_LONG,
          field,
          "must be at most " + maxChars + " characters, got " + value.length());
    }
    if (value.indexOf('\0') >= 0) {
      throw new Refusal(Reason.INVALID_VALUE, field, "must not contain U+0000");
    }
  }

  /** Leaves the checks of one event; made without a stack trace, for bad input must be cheap. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Reason reason;
    private final String field;
    private final String rule;

    Refusal(Reason reason, String field, @Nullable String rule) {
      super(rule, null, false, false);
      this.reason = reason;
      this.field = field;
      this.rule = rule == null ? "" : rule;
    }

    private String rule() {
      return field + ": " + rule;
    }
  }
}
