package dev.windrow.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * One event of the load, before either side has encoded it.
 *
 * @param amount in cents
 * @param destination its only attribute, if it has one
 */
public record LoadEvent(
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
  public record Payload(String channel, int items, double weight) {
    public String json() {
      return "{\"channel\":\"" + channel + "\",\"items\":" + items + ",\"weight\":" + weight + "}";
    }
  }
}
