package dev.windrow.query.testing;

import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.EntitySketch;
import dev.windrow.rollup.EventFacts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as a test sends it. */
public record TestEvent(
    long occurredAtMicros,
    String source,
    String type,
    String entityId,
    String status,
    @Nullable Double measured,
    @Nullable Long minorUnits,
    Map<String, String> attributes,
    @Nullable String payload)
    implements EventFacts {

  public TestEvent {
    attributes = Map.copyOf(attributes);
  }

  /** What is not given is absent. */
  public static TestEvent of(long micros, String source, String type, String entity) {
    return new TestEvent(micros, source, type, entity, "", null, null, Map.of(), null);
  }

  // What an event is when it is sent; a Batched one is in its batch.
  @Override
  public long batchId() {
    return 0;
  }

  @Override
  public int batchIndex() {
    return 0;
  }

  @Override
  public boolean hasValue() {
    return measured != null;
  }

  @Override
  public double value() {
    return measured == null ? 0 : measured;
  }

  @Override
  public long amount() {
    return minorUnits == null ? 0 : minorUnits;
  }

  @Override
  public String attribute(String name) {
    return attributes.getOrDefault(name, "");
  }

  @Override
  public long entityHash() {
    return EntitySketch.hash(entityId);
  }

  /** The value that the event is grouped by. */
  public String dimension(Dimension dimension) {
    return switch (dimension.name()) {
      case "type" -> type;
      case "source" -> source;
      case "status" -> status;
      case "entity_id" -> entityId;
      default -> attribute(dimension.attributeName());
    };
  }
}
