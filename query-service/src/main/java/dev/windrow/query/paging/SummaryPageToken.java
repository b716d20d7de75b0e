package dev.windrow.query.paging;

import dev.windrow.query.worth.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The text that asks for a later page of a summary: the offset and the position. An offset will do
 * because an answer as of a position has always the same rows in the same order.
 */
public final class SummaryPageToken {
  // Listings have another.
  private static final byte VERSION = 2;

  private SummaryPageToken() {}

  /**
   * The token of a page that has a position.
   *
   * @param scope of all that the pages must have in common, the bytes
   */
  public static String encode(PageStart page, byte[] scope) {
    byte[] text = page.position().orElseThrow().text().getBytes(StandardCharsets.US_ASCII);
    byte[] content =
        ByteBuffer.allocate(1 + Integer.BYTES + text.length)
            .put(VERSION)
            .putInt(page.offset())
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
    ByteBuffer content = BoundToken.decode(text, VERSION, Integer.BYTES, scope);
    int offset = content.getInt();
    String position = StandardCharsets.US_ASCII.decode(content).toString();
    return new PageStart(Optional.of(new Position.OfSnapshot(position)), offset);
  }
}
