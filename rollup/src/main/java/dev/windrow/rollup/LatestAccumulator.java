package dev.windrow.rollup;

/** The newest of the events that were added, at least one. For one thread. */
final class LatestAccumulator {
  private long occurredAtMicros = Long.MIN_VALUE;
  private long batchId = Long.MIN_VALUE;
  private int batchIndex;
  private boolean hasValue;
  private double value;
  private String status = "";

  void add(EventFacts event) {
    long at = event.occurredAtMicros();
    // Most events of a row tell by their time; nothing else of them is looked at.
    if (at >= occurredAtMicros && isAfter(at, event.batchId(), event.batchIndex())) {
      set(
          at,
          event.batchId(),
          event.batchIndex(),
          event.hasValue(),
          event.hasValue() ? event.value() : 0,
          event.status());
    }
  }

  void merge(LatestEvent event) {
    if (event.isAfter(occurredAtMicros, batchId, batchIndex)) {
      Double newValue = event.value();
      set(
          event.occurredAtMicros(),
          event.batchId(),
          event.batchIndex(),
          newValue != null,
          newValue == null ? 0 : newValue,
          event.status());
    }
  }

  void merge(LatestAccumulator other) {
    if (isAfter(other.occurredAtMicros, other.batchId, other.batchIndex)) {
      set(
          other.occurredAtMicros,
          other.batchId,
          other.batchIndex,
          other.hasValue,
          other.value,
          other.status);
    }
  }

  LatestEvent toEvent() {
    return new LatestEvent(occurredAtMicros, batchId, batchIndex, hasValue ? value : null, status);
  }

  private boolean isAfter(long at, long batch, int index) {
    return at != occurredAtMicros
        ? at > occurredAtMicros
        : batch != batchId ? batch > batchId : index > batchIndex;
  }

  private void set(
      long at, long batch, int index, boolean valued, double newValue, String newStatus) {
    occurredAtMicros = at;
    batchId = batch;
    batchIndex = index;
    hasValue = valued;
    value = newValue;
    status = newStatus;
  }
}
