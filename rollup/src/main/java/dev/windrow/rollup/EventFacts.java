package dev.windrow.rollup;

/**
 * What the fold reads of one event. No string is null; a property that the event lacks is the empty
 * string.
 */
public interface EventFacts {
  /** When it happened, in microseconds since the Unix epoch (UTC). */
  long occurredAtMicros();

  /** Which flush wrote it. */
  long batchId();

  /** Its place among the events of that flush: with its batch, no other event has it. */
  int batchIndex();

  String source();

  String type();

  String entityId();

  String status();

  boolean hasValue();

  /** The measured quantity, finite; read only if {@link #hasValue}. */
  double value();

  /** Exact minor units such as cents; 0 if absent. */
  long amount();

  /** The attribute's value, or the empty string if the event has none of this name. */
  String attribute(String name);

  /** {@link EntitySketch#hash} of {@link #entityId}, which the caller computes once per event. */
  long entityHash();
}
