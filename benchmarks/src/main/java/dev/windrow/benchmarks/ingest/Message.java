package dev.windrow.benchmarks.ingest;

/** One serialized message. Its bytes are its own and never change. */
final class Message {
  private final byte[] bytes;
  private final int events;

  /**
   * @param events how many it has
   */
  Message(byte[] bytes, int events) {
    this.bytes = bytes;
    this.events = events;
  }

  /** Not a copy. */
  byte[] bytes() {
    return bytes;
  }

  int events() {
    return events;
  }
}
