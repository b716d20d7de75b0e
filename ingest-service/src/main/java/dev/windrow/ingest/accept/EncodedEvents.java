package dev.windrow.ingest.accept;

import java.util.Arrays;

/** Where the bytes of events lie within a message. Grows; for one thread. */
public final class EncodedEvents {
  private byte[] message;
  private int[] bounds = new int[64];
  private int size;
  private int bytes;

  public EncodedEvents(byte[] message) {
    this.message = message;
  }

  /** Adds an event that lies in the message. */
  public void add(int from, int to) {
    if (2 * size == bounds.length) {
      bounds = Arrays.copyOf(bounds, 2 * bounds.length);
    }
    bounds[2 * size] = from;
    bounds[2 * size + 1] = to;
    bytes += to - from;
    size++;
  }

  /** Adds an event that is a message of its own, behind those that are there. */
  public void append(byte[] event) {
    if (message.length - bytes < event.length) {
      message = Arrays.copyOf(message, Math.max(bytes + event.length, 2 * message.length));
    }
    System.arraycopy(event, 0, message, bytes, event.length);
    add(bytes, bytes + event.length);
  }

  byte[] message() {
    return message;
  }

  public int size() {
    return size;
  }

  /** Of all events together. */
  public int bytes() {
    return bytes;
  }

  int start(int index) {
    return bounds[2 * index];
  }

  int end(int index) {
    return bounds[2 * index + 1];
  }

  int length(int index) {
    return end(index) - start(index);
  }
}
