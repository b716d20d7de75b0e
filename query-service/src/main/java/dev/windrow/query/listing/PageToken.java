package dev.windrow.query.listing;

import dev.windrow.query.paging.BoundToken;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.SnapshotText;
import dev.windrow.rollup.TimeRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a page of a listing ended, and the snapshot of its first page: the pages of one listing
 * show one instant.
 *
 * @param occurredAtMicros with the other two, the key of the last event
 * @param snapshot the first page's {@code pg_snapshot}, as PostgreSQL writes it
 */
public record PageToken(long occurredAtMicros, long batchId, int batchIndex, String snapshot) {
  private static final byte VERSION = 1;
  private static final int KEY_BYTES = Long.BYTES + Long.BYTES + Integer.BYTES;

  public PageToken {
    SnapshotText.parse(snapshot);
  }

  static PageToken of(EventKey last, String snapshot) {
    return new PageToken(last.occurredAtMicros(), last.batchId(), last.batchIndex(), snapshot);
  }

  EventKey last() {
    return new EventKey(occurredAtMicros, batchId, batchIndex);
  }

  Position.OfSnapshot position() {
    return new Position.OfSnapshot(snapshot);
  }

  /** The token's text, which belongs to this window and scope. */
  public String encode(TimeRange window, String scope) {
    byte[] text = snapshot.getBytes(StandardCharsets.US_ASCII);
    byte[] content =
        ByteBuffer.allocate(1 + KEY_BYTES + text.length)
            .put(VERSION)
            .putLong(occurredAtMicros)
            .putLong(batchId)
            .putInt(batchIndex)
            .put(text)
            .array();
    return BoundToken.encode(content, scope(window, scope));
  }

  /**
   * Reads a token of this window and scope.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static PageToken decode(String text, TimeRange window, String scope) {
    ByteBuffer content = BoundToken.decode(text, VERSION, KEY_BYTES, scope(window, scope));
    long occurredAt = content.getLong();
    long batchId = content.getLong();
    int batchIndex = content.getInt();
    String snapshot = StandardCharsets.US_ASCII.decode(content).toString();
    PageToken token = new PageToken(occurredAt, batchId, batchIndex, snapshot);
    if (!window.contains(occurredAt)) {
      throw new IllegalArgumentException("lies outside of the window");
    }
    return token;
  }

  private static byte[] scope(TimeRange window, String scope) {
    byte[] text = scope.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(2 * Long.BYTES + text.length)
        .putLong(window.fromMicros())
        .putLong(window.toMicros())
        .put(text)
        .array();
  }
}
