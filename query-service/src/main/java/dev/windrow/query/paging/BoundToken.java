package dev.windrow.query.paging;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The text form of a page token: base64url of its content, which begins with a version, and a
 * digest over the content and the scope, which is what the pages must have in common. The digest
 * finds mistakes; it is no secret, so whatever it lets through must still be harmless.
 */
public final class BoundToken {
  /** What the error of a text says that no server of ours has made. */
  public static final String FOREIGN = "is not a token of this server";

  private static final int DIGEST_BYTES = 16;
  // A token names a snapshot, which names every transaction under way; a few hundred are many.
  private static final int MAX_CHARS = 64 << 10;

  private BoundToken() {}

  public static String encode(byte[] content, byte[] scope) {
    byte[] all = Arrays.copyOf(content, content.length + DIGEST_BYTES);
    System.arraycopy(digest(content, scope), 0, all, content.length, DIGEST_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
  }

  /**
   * The content after its version.
   *
   * @param version of the kind of token that is expected
   * @param leastBytes that the content has at least, without the version
   * @throws IllegalArgumentException if the text is not such a token of this scope
   */
  public static ByteBuffer decode(String text, byte version, int leastBytes, byte[] scope) {
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException(FOREIGN);
    }
    byte[] all = Base64.getUrlDecoder().decode(text);
    boolean canonical = text.equals(Base64.getUrlEncoder().withoutPadding().encodeToString(all));
    if (!canonical || all.length < 1 + leastBytes + DIGEST_BYTES || all[0] != version) {
      throw new IllegalArgumentException(FOREIGN);
    }
    byte[] content = Arrays.copyOf(all, all.length - DIGEST_BYTES);
    byte[] digest = Arrays.copyOfRange(all, content.length, all.length);
    if (!MessageDigest.isEqual(digest, digest(content, scope))) {
      throw new IllegalArgumentException("belongs to another question, or was changed");
    }
    return ByteBuffer.wrap(content, 1, content.length - 1);
  }

  // The length comes first, so that no two inputs are the same bytes.
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
