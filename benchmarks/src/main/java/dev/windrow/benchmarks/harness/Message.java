package dev.windrow.benchmarks.harness;

/** One serialized message. Its bytes are its own and never change. */
public final class Message {
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
  public byte[] bytes() {
    return bytes;
  }

  public int events() {
    return events;
  }
}
