package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.copy.EventRow;
import dev.windrow.rollup.Grain;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rows of one flush in the order in which they are written: by hour, then by {@code
 * hashtext(entity_id)}. In that order few pages hold one entity, an hour's rows lie together, and
 * the fold meets an entity's events one after the other. A day that gets enough of them is a run of
 * this flush. For one thread, flush after flush; the arrays are kept.
 */
final class FlushRows {
  // The parts of a key, from the highest: the rank of the hour, the hash, the row. An hour beyond
  // the last rank shares it, and a hash loses its lowest bits: the order then is less perfect.
  private static final int ROW_BITS = 20;
  private static final int HASH_BITS = 28;
  private static final int MAX_RANK = (1 << (Long.SIZE - 1 - ROW_BITS - HASH_BITS)) - 1;
  private static final int ROW_MASK = (1 << ROW_BITS) - 1;

  private final Terms sources;
  private byte[][] blocks = new byte[1024][];
  private int[] starts = new int[1024];
  private int[] lengths = new int[1024];
  private long[] keys = new long[1024];
  private int size;
  private Set<String> sourceNames = Set.of();
  private SortedMap<Long, HourLoad> hours = new TreeMap<>();
  private Map<Long, Integer> rowsOfDays = Map.of();

  FlushRows(Terms sources) {
    this.sources = sources;
  }

  /**
   * Takes the rows of a flush, in place of those before.
   *
   * @throws IllegalArgumentException if there are more than 2^20
   */
  void load(List<EventBlock> all) {
    clear();
    for (EventBlock block : all) {
      grow(size + block.size());
      for (int i = 0; i < block.size(); i++, size++) {
        blocks[size] = block.rows();
        starts[size] = block.start(i);
        lengths[size] = block.end(i) - block.start(i);
      }
    }
    look();
  }

  private void grow(int needed) {
    if (needed > ROW_MASK + 1) {
      throw new IllegalArgumentException("a flush: must have at most 2^20 rows, got " + needed);
    }
    if (needed > starts.length) {
      int capacity = Math.max(needed, 2 * starts.length);
      blocks = Arrays.copyOf(blocks, capacity);
      starts = Arrays.copyOf(starts, capacity);
      lengths = Arrays.copyOf(lengths, capacity);
      keys = Arrays.copyOf(keys, capacity);
    }
  }

  private void look() {
    Set<Terms.Term> met = new HashSet<>();
    hours = new TreeMap<>();
    HourLoad load = new HourLoad();
    long loaded = Long.MIN_VALUE;
    for (int row = 0; row < size; row++) {
      byte[] in = blocks[row];
      int source = EventRow.sourceStart(starts[row]);
      met.add(sources.of(in, source, EventRow.lengthAt(in, source)));
      long at = CopyEvents.occurredAtMicros(in, starts[row]);
      long hour = Grain.HOUR.floor(at);
      if (hour != loaded) {
        load = hours.computeIfAbsent(hour, first -> new HourLoad());
        loaded = hour;
      }
      load.add(at - hour);
    }
    sourceNames = new TreeSet<>();
    met.forEach(term -> sourceNames.add(term.text()));
    rowsOfDays = new HashMap<>();
    hours.forEach(
        (hour, rows) -> rowsOfDays.merge(Registry.day(hour), rows.events(), Integer::sum));
    order();
  }

  private void order() {
    Map<Long, Long> ranks = new HashMap<>();
    hours.keySet().forEach(hour -> ranks.put(hour, (long) Math.min(ranks.size(), MAX_RANK)));
    long lastHour = Long.MIN_VALUE;
    long rank = 0;
    for (int row = 0; row < size; row++) {
      long hour = hour(row);
      if (hour != lastHour) {
        rank = ranks.getOrDefault(hour, 0L);
        lastHour = hour;
      }
      byte[] in = blocks[row];
      int entity = EventRow.entityIdStart(in, starts[row]);
      int hash = HashText.of(in, entity, EventRow.lengthAt(in, entity));
      // PostgreSQL's integers are signed: the flipped sign makes the order of the bits the same.
      long ordered =
          Integer.toUnsignedLong(hash ^ Integer.MIN_VALUE) >>> (Integer.SIZE - HASH_BITS);
      keys[row] = rank << (HASH_BITS + ROW_BITS) | ordered << ROW_BITS | row;
    }
    Arrays.sort(keys, 0, size);
  }

  private long hour(int row) {
    return Grain.HOUR.floor(CopyEvents.occurredAtMicros(blocks[row], starts[row]));
  }

  int size() {
    return size;
  }

  /** How the rows lie in time: per start of an hour. */
  SortedMap<Long, HourLoad> hours() {
    return hours;
  }

  /** The UTC days of the rows, as {@link Registry#day} counts. */
  Set<Long> days() {
    return rowsOfDays.keySet();
  }

  /** The days that have at least so many rows. */
  Set<Long> days(int atLeast) {
    Set<Long> days = new HashSet<>();
    rowsOfDays.forEach(
        (day, rows) -> {
          if (rows >= atLeast) {
            days.add(day);
          }
        });
    return days;
  }

  /** The sources of the rows. */
  Set<String> sourceNames() {
    return sourceNames;
  }

  /** Visits the rows that are not dropped, in their order. */
  void forEach(BitSet dropped, Visitor visitor) {
    boolean all = dropped.isEmpty();
    for (int i = 0; i < size; i++) {
      int row = (int) keys[i] & ROW_MASK;
      if (all || !dropped.get(row)) {
        visitor.visit(row, blocks[row], starts[row], lengths[row]);
      }
    }
  }

  /** Forgets the rows, whose requests may be many megabytes. */
  void clear() {
    Arrays.fill(blocks, 0, size, null);
    size = 0;
  }

  /** Receives a row: its number among those of the flush, in order of arrival, and its bytes. */
  interface Visitor {
    void visit(int row, byte[] bytes, int start, int length);
  }
}
