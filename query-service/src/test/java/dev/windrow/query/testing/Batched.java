package dev.windrow.query.testing;

import dev.windrow.rollup.EventFacts;
import java.util.ArrayList;
import java.util.List;

/** An event at its place in a batch. */
public record Batched(TestEvent event, long batchId, int batchIndex) implements EventFacts {
  /** The events of a batch, in their order. */
  public static List<Batched> of(long batchId, List<TestEvent> events) {
    List<Batched> batched = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      batched.add(new Batched(events.get(i), batchId, i));
    }
    return batched;
  }

  @Override
  public long occurredAtMicros() {
    return event.occurredAtMicros();
  }

  @Override
  public String source() {
    return event.source();
  }

  @Override
  public String type() {
    return event.type();
  }

  @Override
  public String entityId() {
    return event.entityId();
  }

  @Override
  public String status() {
    return event.status();
  }

  @Override
  public boolean hasValue() {
    return event.hasValue();
  }

  @Override
  public double value() {
    return event.value();
  }

  @Override
  public long amount() {
    return event.amount();
  }

  @Override
  public String attribute(String name) {
    return event.attribute(name);
  }

  @Override
  public long entityHash() {
    return event.entityHash();
  }
}
