package dev.windrow.query.latest;

/**
 * A type and an entity, ordered by the code points of the type, then by those of the entity's id.
 */
public record Pair(String type, String entityId) implements Comparable<Pair> {
  private static final int SURROGATES = Character.MIN_SURROGATE;
  private static final int AFTER_SURROGATES = Character.MAX_SURROGATE + 1;

  @Override
  public int compareTo(Pair other) {
    int types = compare(type, other.type);
    return types != 0 ? types : compare(entityId, other.entityId);
  }

  // As PostgreSQL's collation "C" has it. Java orders by UTF-16 units, which puts code points from
  // U+10000 on, written as surrogates, before those from U+E000 on.
  private static int compare(String a, String b) {
    int end = Math.min(a.length(), b.length());
    for (int i = 0; i < end; i++) {
      if (a.charAt(i) != b.charAt(i)) {
        return Integer.compare(rank(a.charAt(i)), rank(b.charAt(i)));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int rank(char unit) {
    if (unit < SURROGATES) {
      return unit;
    }
    return unit < AFTER_SURROGATES ? unit + Character.MAX_VALUE : unit;
  }
}
