package dev.windrow.benchmarks.ingest;

import org.jspecify.annotations.Nullable;

/**
 * One event of the load, before either side has encoded it.
 *
 * @param amount in cents
 * @param destination its only attribute, if it has one
 */
record LoadEvent(
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    double value,
    long amount,
    @Nullable String destination,
    @Nullable Payload payload) {

  /** Three fields that make about 40 bytes of JSON. */
  record Payload(String channel, int items, double weight) {
    String json() {
      return "{\"channel\":\"" + channel + "\",\"items\":" + items + ",\"weight\":" + weight + "}";
    }
  }
}
