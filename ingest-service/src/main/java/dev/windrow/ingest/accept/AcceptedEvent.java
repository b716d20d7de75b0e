package dev.windrow.ingest.accept;

import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.copy.CopyFields;
import org.jspecify.annotations.Nullable;

/**
 * An event that passed every check on the long way, over its message.
 *
 * @param eventValue null when the event has none
 * @param amount null when the event has none
 * @param attributes as JSON text; empty when there are none
 * @param payload as JSON text; empty when there is none
 * @param eventId empty when there is none
 */
record AcceptedEvent(
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double eventValue,
    @Nullable Long amount,
    String attributes,
    String payload,
    String eventId) {

  void appendTo(CopyFields rows, int tenantId) {
    CopyEvents.begin(rows, tenantId, occurredAtMicros);
    rows.textField(source);
    rows.textField(type);
    rows.textField(entityId);
    rows.textField(status);
    rows.textField(orNull(eventId));
    rows.doubleField(eventValue);
    rows.bigintField(amount);
    rows.textField(orNull(attributes));
    rows.textField(orNull(payload));
  }

  EventBlock.IdentifiedEvent identified(int position) {
    ContentHash hash =
        new ContentHash(
            occurredAtMicros, type, entityId, status, eventValue, amount, attributes, payload);
    return new EventBlock.IdentifiedEvent(position, source, eventId, hash.value());
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
