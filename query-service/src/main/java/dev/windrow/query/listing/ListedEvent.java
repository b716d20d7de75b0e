package dev.windrow.query.listing;

import org.jspecify.annotations.Nullable;

/**
 * An event as it is stored.
 *
 * @param value null if it has none; likewise {@code amount}
 * @param attributes a JSON object of texts; null if it has none
 * @param payload a JSON object; null if it has none
 * @param eventId the producer's own id; empty if it has none
 */
public record ListedEvent(
    long occurredAtMicros,
    long batchId,
    int batchIndex,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double value,
    @Nullable Long amount,
    @Nullable String attributes,
    @Nullable String payload,
    String eventId) {

  EventKey key() {
    return new EventKey(occurredAtMicros, batchId, batchIndex);
  }

  /** About how large it is in a response, in bytes. */
  int weight() {
    int texts = source.length() + type.length() + entityId.length() + status.length();
    return FIXED_WEIGHT + texts + eventId.length() + length(attributes) + length(payload);
  }

  private static final int FIXED_WEIGHT = 64;

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
