package dev.windrow.query.latest;

import dev.windrow.query.worth.SnapshotText;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where a page ended, and the snapshot of the first page. Written as base64url of: a version, the
 * three texts, each after its length, and a digest over these and what the token belongs to. The
 * digest finds mistakes; it is no secret, so whatever it lets through is still harmless.
 *
 * @param last the last pair of the page
 * @param snapshot as PostgreSQL writes it
 */
public record LatestPageToken(Pair last, String snapshot) {
  private static final byte VERSION = 1;
  private static final int DIGEST_BYTES = 16;
  // A snapshot names every transaction under way; a few hundred are many.
  private static final int MAX_LENGTH = 64 << 10;

  public LatestPageToken {
    SnapshotText.parse(snapshot);
  }

  /** The token's text, which belongs to this scope. */
  public String encode(String scope) {
    byte[] content = content();
    byte[] all = Arrays.copyOf(content, content.length + DIGEST_BYTES);
    System.arraycopy(digest(content, scope), 0, all, content.length, DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /**
   * Reads a token of this scope.
   *
   * @throws IllegalArgumentException if it is not one
   */
  public static LatestPageToken decode(String text, String scope) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("is not a token of this server");
    }
    byte[] all = Base64.getUrlDecoder().decode(text);
    if (all.length <= DIGEST_BYTES || all[0] != VERSION) {
      throw new IllegalArgumentException("is not a token of this server");
    }
    byte[] content = Arrays.copyOf(all, all.length - DIGEST_BYTES);
    byte[] digest = Arrays.copyOfRange(all, content.length, all.length);
    if (!MessageDigest.isEqual(digest, digest(content, scope))) {
      throw new IllegalArgumentException("belongs to another question, or was changed");
    }
    ByteBuffer in = ByteBuffer.wrap(content, 1, content.length - 1);
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
        throw new IllegalArgumentException("is not a token of this server");
      }
      byte[] bytes = new byte[length];
      in.get(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("is not a token of this server");
      }
      return text;
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("is not a token of this server", e);
    }
  }

  private static byte[] digest(byte[] content, String scope) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(content);
      // The only part of open length comes last, so that no two inputs are the same bytes.
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array());
      return Arrays.copyOf(sha.digest(scope.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
