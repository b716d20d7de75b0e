package dev.windrow.query.paging;

import dev.windrow.query.worth.Position;
import dev.windrow.rollup.TimeRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The text that asks for a later page of a summary: the offset, the window that the first page has
 * answered, and the position. An offset will do because an answer as of a position has always the
 * same rows in the same order.
 */
public final class SummaryPageToken {
  // Listings have another.
  private static final byte VERSION = 4;

  private static final int NUMBER_BYTES = Integer.BYTES + 2 * Long.BYTES;

  private SummaryPageToken() {}

  /**
   * The token of a later page.
   *
   * @param scope of all that the pages must have in common, the bytes
   */
  public static String encode(PageStart page, byte[] scope) {
    byte[] text = page.position().orElseThrow().text().getBytes(StandardCharsets.US_ASCII);
    TimeRange window = page.window().orElseThrow();
    byte[] content =
        ByteBuffer.allocate(1 + NUMBER_BYTES + text.length)
            .put(VERSION)
            .putInt(page.offset())
            .putLong(window.fromMicros())
            .putLong(window.toMicros())
            .put(text)
            .array();
    return BoundToken.encode(content, scope);
  }

  /**
   * Reads a token of this scope.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static PageStart decode(String text, byte[] scope) {
    ByteBuffer content = BoundToken.decode(text, VERSION, NUMBER_BYTES, scope);
    int offset = content.getInt();
    TimeRange window = new TimeRange(content.getLong(), content.getLong());
    String position = StandardCharsets.US_ASCII.decode(content).toString();
    return new PageStart(
        Optional.of(new Position.OfSnapshot(position)), offset, Optional.of(window));
  }
}
