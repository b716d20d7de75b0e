package dev.windrow.rollup;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many distinct entities there are: the set of their 64-bit hashes up to {@link #MAX_EXACT} of
 * them, beyond that an UltraLogLog (Ertl, "UltraLogLog: A Practical and More Space-Efficient
 * Alternative to HyperLogLog for Approximate Distinct Counting", VLDB 2024) of 4096 one-byte
 * registers. Which form it has, and its whole state, is a pure function of the set of hashes; so
 * merging is associative, commutative and idempotent. Immutable.
 */
public final class EntitySketch {
  /** Up to this many distinct hashes the count is exact. */
  public static final int MAX_EXACT = 512;

  /** UltraLogLog's p: it has 2^p registers. */
  static final int PRECISION = 12;

  /**
   * The standard error of an estimate beyond {@link #MAX_EXACT}, relative to the true count: 0.782
   * / sqrt(2^12) = 0.0122, as hash4j documents it for its default estimator. Counts well below the
   * number of registers do better.
   */
  public static final double RELATIVE_STANDARD_ERROR = 0.782 / 64;

  private static final Hasher64 HASHER = Hashing.xxh3_64();
  private static final EntitySketch EMPTY = new EntitySketch(new long[0], null);

  /** Ascending as unsigned numbers, distinct; empty in the dense form. */
  private final long[] hashes;

  /** Never changed once it is here. */
  private final @Nullable UltraLogLog dense;

  private EntitySketch(long[] hashes, @Nullable UltraLogLog dense) {
    this.hashes = hashes;
    this.dense = dense;
  }

  public static EntitySketch empty() {
    return EMPTY;
  }

  /**
   * Takes the array itself: at most {@link #MAX_EXACT} hashes, distinct and ascending as unsigned
   * numbers.
   */
  static EntitySketch owning(long[] hashes) {
    return hashes.length == 0 ? EMPTY : new EntitySketch(hashes, null);
  }

  /** Takes the registers themselves, those of more than {@link #MAX_EXACT} hashes. */
  static EntitySketch owning(UltraLogLog dense) {
    return new EntitySketch(new long[0], dense);
  }

  /**
   * XXH3 (64 bits, seed 0) of the UTF-16LE bytes of an entity's id. Stored sketches hold it: it
   * never changes.
   */
  public static long hash(String entityId) {
    return HASHER.hashCharsToLong(entityId);
  }

  /** About how much memory it takes, in bytes. */
  public int weight() {
    return dense == null ? hashes.length * Long.BYTES : 1 << PRECISION;
  }

  public boolean isEmpty() {
    return dense == null && hashes.length == 0;
  }

  /** Whether {@link #estimate} is the true number of distinct hashes. */
  public boolean exact() {
    return dense == null;
  }

  /** The number of distinct entities; see {@link #exact} and {@link #RELATIVE_STANDARD_ERROR}. */
  public long estimate() {
    return dense == null ? hashes.length : Math.round(dense.getDistinctCountEstimate());
  }

  public EntitySketch merge(EntitySketch other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    EntityAccumulator union = new EntityAccumulator();
    union.merge(this);
    union.merge(other);
    return union.toSketch();
  }

  /** The stored form, described in the module's README; no bytes for an empty sketch. */
  public byte[] toBytes() {
    return EntitySketchFormat.encode(this);
  }

  /**
   * The sketch that {@link #toBytes} wrote.
   *
   * @throws IllegalArgumentException if no sketch has these bytes
   */
  public static EntitySketch fromBytes(byte[] bytes) {
    return EntitySketchFormat.decode(bytes);
  }

  /** The hashes of the sparse form, not to be written to. */
  long[] hashes() {
    return hashes;
  }

  /** The registers of the dense form, not to be written to. */
  @Nullable UltraLogLog dense() {
    return dense;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EntitySketch that
        && Arrays.equals(hashes, that.hashes)
        && Arrays.equals(registers(), that.registers());
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(hashes) + Arrays.hashCode(registers());
  }

  @Override
  public String toString() {
    return "EntitySketch[estimate=" + estimate() + ", exact=" + exact() + "]";
  }

  private byte @Nullable [] registers() {
    return dense == null ? null : dense.getState();
  }
}
