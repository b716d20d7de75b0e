package dev.windrow.ingest.compaction;

import dev.windrow.ingest.accept.AttributeText;
import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.EventFacts;
import org.jspecify.annotations.Nullable;

/**
 * What the fold needs of an event, read back from the database.
 *
 * @param attributesJson empty when there are none
 */
record StoredEvent(
    long batchId,
    int batchIndex,
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double optionalValue,
    @Nullable Long optionalAmount,
    String attributesJson)
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
    return AttributeText.of(attributesJson, name);
  }

  @Override
  public long entityHash() {
    return EntitySketch.hash(entityId);
  }
}
