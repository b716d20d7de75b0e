package dev.windrow.rollup;

import org.jspecify.annotations.Nullable;

/** The newest of the events that were added, at least one. For one thread. */
final class LatestAccumulator {
  private long occurredAtMicros = Long.MIN_VALUE;
  private long batchId = Long.MIN_VALUE;
  private int batchIndex;

  // Either the event as it was stored, or what was seen of it.
  private @Nullable LatestEvent stored;
  private boolean hasValue;
  private double value;
  private String status = "";

  void add(EventFacts event) {
    long at = event.occurredAtMicros();
    // Most events of a row tell by their time; nothing else of them is looked at.
    if (at >= occurredAtMicros && isAfter(at, event.batchId(), event.batchIndex())) {
      moveTo(at, event.batchId(), event.batchIndex());
      stored = null;
      hasValue = event.hasValue();
      value = hasValue ? event.value() : 0;
      status = event.status();
    }
  }

  void merge(LatestEvent event) {
    if (event.isAfter(occurredAtMicros, batchId, batchIndex)) {
      moveTo(event.occurredAtMicros(), event.batchId(), event.batchIndex());
      stored = event;
    }
  }

  void merge(LatestAccumulator other) {
    if (isAfter(other.occurredAtMicros, other.batchId, other.batchIndex)) {
      moveTo(other.occurredAtMicros, other.batchId, other.batchIndex);
      stored = other.stored;
      hasValue = other.hasValue;
      value = other.value;
      status = other.status;
    }
  }

  LatestEvent toEvent() {
    LatestEvent event = stored;
    if (event == null) {
      event =
          new LatestEvent(occurredAtMicros, batchId, batchIndex, hasValue ? value : null, status);
      stored = event;
    }
    return event;
  }

  private boolean isAfter(long at, long batch, int index) {
    return at != occurredAtMicros
        ? at > occurredAtMicros
        : batch != batchId ? batch > batchId : index > batchIndex;
  }

  private void moveTo(long at, long batch, int index) {
    occurredAtMicros = at;
    batchId = batch;
    batchIndex = index;
  }
}
