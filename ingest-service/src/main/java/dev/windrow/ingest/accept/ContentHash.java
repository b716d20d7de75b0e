package dev.windrow.ingest.accept;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import org.jspecify.annotations.Nullable;

/**
 * What makes two events with one id the same event.
 *
 * @param attributes as JSON text; empty for none
 * @param payload likewise
 */
record ContentHash(
    long occurredAtMicros,
    String type,
    String entityId,
    String status,
    @Nullable Double eventValue,
    @Nullable Long amount,
    String attributes,
    String payload) {

  /** Stored: changing it would turn honest repeats into mismatches. */
  long value() {
    HashStream64 hash = Hashing.xxh3_64().hashStream();
    hash.putLong(occurredAtMicros)
        .putString(type)
        .putString(entityId)
        .putString(status)
        .putBoolean(eventValue != null)
        .putDouble(eventValue == null ? 0 : eventValue)
        .putBoolean(amount != null)
        .putLong(amount == null ? 0 : amount)
        .putString(attributes)
        .putString(payload);
    return hash.getAsLong();
  }
}
