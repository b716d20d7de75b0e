package dev.windrow.query.listing;

import dev.windrow.query.worth.SnapshotText;
import dev.windrow.rollup.TimeRange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where a page ended, and the snapshot of the first page. Written as base64url of: a version, the
 * key, the snapshot's text, and a digest over these and what the token belongs to. The digest finds
 * mistakes; it is no secret, so whatever it lets through is still harmless.
 *
 * @param snapshot as PostgreSQL writes it
 */
public record PageToken(long occurredAtMicros, long batchId, int batchIndex, String snapshot) {
  private static final byte VERSION = 1;
  private static final int KEY_BYTES = 1 + Long.BYTES + Long.BYTES + Integer.BYTES;
  private static final int DIGEST_BYTES = 16;
  // A snapshot names every transaction under way; a few hundred are many.
  private static final int MAX_BYTES = 64 << 10;

  public PageToken {
    SnapshotText.parse(snapshot);
  }

  static PageToken of(EventKey last, String snapshot) {
    return new PageToken(last.occurredAtMicros(), last.batchId(), last.batchIndex(), snapshot);
  }

  EventKey last() {
    return new EventKey(occurredAtMicros, batchId, batchIndex);
  }

  /** The token's text, which belongs to this window and scope. */
  public String encode(TimeRange window, String scope) {
    byte[] content = content();
    byte[] digest = digest(content, window, scope);
    byte[] all = Arrays.copyOf(content, content.length + DIGEST_BYTES);
    System.arraycopy(digest, 0, all, content.length, DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /**
   * Reads a token of this window and scope.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static PageToken decode(String text, TimeRange window, String scope) {
    if (text.length() > MAX_BYTES) {
      throw new IllegalArgumentException("is not a token of this server");
    }
    byte[] all = Base64.getUrlDecoder().decode(text);
    if (all.length < KEY_BYTES + DIGEST_BYTES || all[0] != VERSION) {
      throw new IllegalArgumentException("is not a token of this server");
    }
    byte[] content = Arrays.copyOf(all, all.length - DIGEST_BYTES);
    byte[] digest = Arrays.copyOfRange(all, content.length, all.length);
    if (!MessageDigest.isEqual(digest, digest(content, window, scope))) {
      throw new IllegalArgumentException("belongs to another window or scope, or was changed");
    }
    ByteBuffer buffer = ByteBuffer.wrap(content, 1, content.length - 1);
    long occurredAt = buffer.getLong();
    long batchId = buffer.getLong();
    int batchIndex = buffer.getInt();
    String snapshot = StandardCharsets.US_ASCII.decode(buffer).toString();
    PageToken token = new PageToken(occurredAt, batchId, batchIndex, snapshot);
    if (!window.contains(occurredAt)) {
      throw new IllegalArgumentException("lies outside of the window");
    }
    return token;
  }

  private byte[] content() {
    byte[] text = snapshot.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(KEY_BYTES + text.length)
        .put(VERSION)
        .putLong(occurredAtMicros)
        .putLong(batchId)
        .putInt(batchIndex)
        .put(text)
        .array();
  }

  private static byte[] digest(byte[] content, TimeRange window, String scope) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(window.fromMicros())
              .putLong(window.toMicros())
              .array());
      sha.update(content);
      // The only part of open length comes last, so that no two inputs are the same bytes.
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
      return Arrays.copyOf(sha.digest(scope.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
