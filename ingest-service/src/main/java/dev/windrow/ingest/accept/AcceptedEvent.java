package dev.windrow.ingest.accept;

import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.EventFacts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event that passed every check, in the form in which it is stored.
 *
 * @param index its place in the request, from 0
 * @param occurredAtMicros since the epoch
 * @param optionalValue null when the event has none
 * @param optionalAmount null when the event has none
 * @param attributesJson null when there are none
 * @param payloadJson null when there is none
 * @param eventId empty when there is none
 * @param contentHash of everything but the index; 0 without an event id
 */
public record AcceptedEvent(
    int index,
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double optionalValue,
    @Nullable Long optionalAmount,
    Map<String, String> attributes,
    @Nullable String attributesJson,
    @Nullable String payloadJson,
    String eventId,
    long contentHash)
    implements EventFacts {

  @Override
  public boolean hasValue() {
    return optionalValue != null;
  }

  @Override
  public double value() {
    return optionalValue == null ? 0 : optionalValue;
  }

  @Override
  public long amount() {
    return optionalAmount == null ? 0 : optionalAmount;
  }

  @Override
  public String attribute(String name) {
    return attributes.getOrDefault(name, "");
  }

  @Override
  public long entityHash() {
    return EntitySketch.hash(entityId);
  }
}
