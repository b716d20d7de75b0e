package dev.windrow.ingest.accept;

import java.util.List;

/**
 * The accepted events of one request, each as the row in which it will be stored. Immutable: built
 * by one thread, then handed over.
 */
public final class EventBlock {
  public static final EventBlock EMPTY =
      new EventBlock(new byte[0], new int[] {0}, new int[0], List.of());

  private final byte[] rows;
  private final int[] starts;
  private final int[] indexes;
  private final List<IdentifiedEvent> identified;

  /**
   * An event with an id.
   *
   * @param position its place in the block
   * @param contentHash of everything but the id
   */
  public record IdentifiedEvent(int position, String source, String eventId, long contentHash) {}

  /**
   * @param starts where each row begins, and where the last one ends
   * @param indexes the place of each event in its request
   */
  EventBlock(byte[] rows, int[] starts, int[] indexes, List<IdentifiedEvent> identified) {
    this.rows = rows;
    this.starts = starts;
    this.indexes = indexes;
    this.identified = List.copyOf(identified);
  }

  public int size() {
    return indexes.length;
  }

  public boolean isEmpty() {
    return indexes.length == 0;
  }

  /** The rows; not to be written to. */
  public byte[] rows() {
    return rows;
  }

  /** Where the row at this position begins. */
  public int start(int position) {
    return starts[position];
  }

  /** Where the row at this position ends. */
  public int end(int position) {
    return starts[position + 1];
  }

  /** The place of the event in its request, from 0. */
  public int index(int position) {
    return indexes[position];
  }

  /** The events with an id, in order. */
  public List<IdentifiedEvent> identified() {
    return identified;
  }

  /** About what it holds in memory. */
  public long bytes() {
    return rows.length + 8L * indexes.length + 150L * identified.size();
  }
}
