package dev.windrow.query.paging;

import dev.windrow.query.worth.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * The text that asks for a later page: base64url of a version, the offset, the position, and a
 * digest over these and the question that the page belongs to. The digest finds mistakes; it is no
 * secret, so whatever it lets through is still harmless. An offset will do because an answer as of
 * a position has always the same rows in the same order.
 */
public final class SummaryPageToken {
  // Those of a listing have another.
  private static final byte VERSION = 2;
  private static final int HEAD_BYTES = 1 + Integer.BYTES;
  private static final int DIGEST_BYTES = 16;
  // A snapshot names every transaction under way; a few hundred are many.
  private static final int MAX_CHARS = 64 << 10;

  private SummaryPageToken() {}

  /**
   * The token of a page that has a position.
   *
   * @param scope of all that the pages must have in common, the bytes
   */
  public static String encode(PageStart page, byte[] scope) {
    byte[] text = page.position().orElseThrow().text().getBytes(StandardCharsets.US_ASCII);
    byte[] content =
        ByteBuffer.allocate(HEAD_BYTES + text.length)
            .put(VERSION)
            .putInt(page.offset())
            .put(text)
            .array();
    byte[] all = Arrays.copyOf(content, content.length + DIGEST_BYTES);
    System.arraycopy(digest(content, scope), 0, all, content.length, DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /**
   * Reads a token of this scope.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static PageStart decode(String text, byte[] scope) {
    byte[] all = Base64.getUrlDecoder().decode(bounded(text));
    if (all.length < HEAD_BYTES + DIGEST_BYTES || all[0] != VERSION) {
      throw new IllegalArgumentException("is not a token of this server");
    }
    byte[] content = Arrays.copyOf(all, all.length - DIGEST_BYTES);
    byte[] digest = Arrays.copyOfRange(all, content.length, all.length);
    if (!MessageDigest.isEqual(digest, digest(content, scope))) {
      throw new IllegalArgumentException("belongs to another question, or was changed");
    }
    ByteBuffer buffer = ByteBuffer.wrap(content, 1, content.length - 1);
    int offset = buffer.getInt();
    String position = StandardCharsets.US_ASCII.decode(buffer).toString();
    return new PageStart(Optional.of(new Position.OfSnapshot(position)), offset);
  }

  private static String bounded(String text) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException("is not a token of this server");
    }
    return text;
  }

  private static byte[] digest(byte[] content, byte[] scope) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
      sha.update(content);
      return Arrays.copyOf(sha.digest(scope), DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
