package dev.windrow.query.latest;

import dev.windrow.query.paging.BoundToken;
import dev.windrow.query.worth.Position;
import dev.windrow.query.worth.SnapshotText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a page ended, and the snapshot of the first page: three texts, each after its length.
 *
 * @param last the last pair of the page
 * @param snapshot as PostgreSQL writes it
 */
public record LatestPageToken(Pair last, String snapshot) {
  private static final byte VERSION = 3;

  public LatestPageToken {
    SnapshotText.parse(snapshot);
  }

  Position.OfSnapshot position() {
    return new Position.OfSnapshot(snapshot);
  }

  /** The token's text, which belongs to this scope. */
  public String encode(String scope) {
    return BoundToken.encode(content(), scope.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Reads a token of this scope.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static LatestPageToken decode(String text, String scope) {
    ByteBuffer in =
        BoundToken.decode(text, VERSION, 3 * Integer.BYTES, scope.getBytes(StandardCharsets.UTF_8));
    Pair last = new Pair(text(in), text(in));
    return new LatestPageToken(last, text(in));
  }

  private byte[] content() {
    byte[] type = last.type().getBytes(StandardCharsets.UTF_8);
    byte[] entityId = last.entityId().getBytes(StandardCharsets.UTF_8);
    byte[] text = snapshot.getBytes(StandardCharsets.UTF_8);
    int size = 1 + 3 * Integer.BYTES + type.length + entityId.length + text.length;
    ByteBuffer out = ByteBuffer.allocate(size).put(VERSION);
    for (byte[] part : new byte[][] {type, entityId, text}) {
      out.putInt(part.length).put(part);
    }
    return out.array();
  }

  private static String text(ByteBuffer in) {
    try {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new IllegalArgumentException(BoundToken.FOREIGN);
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(BoundToken.FOREIGN);
      }
      return text;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException(BoundToken.FOREIGN, e);
    }
  }
}
