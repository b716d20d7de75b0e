package dev.windrow.benchmarks.harness;

/** Some serialized events. Its bytes are its own and never change. */
public final class Message {
  private final byte[] bytes;
  private final int events;

  /**
   * @param bytes of an {@code AppendRequest}
   * @param events how many it has
   */
  Message(byte[] bytes, int events) {
    this.bytes = bytes;
    this.events = events;
  }

  /** Those of an {@code AppendRequest} without a producer. Not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  public int events() {
    return events;
  }
}
