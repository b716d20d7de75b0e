package dev.windrow.query.testing;

import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * Fills a store with events in every way that one may be filled: in flushes of any size, as runs
 * and as loose rows, folded and not, with spans that become coarse in between, and compacted or
 * not.
 */
public final class RandomStore {
  private static final int FEW = 5;
  private static final int MOST_PER_FLUSH = 400;

  private final Random random;
  private final TestStore store;
  private final StoredRollups stored;
  private long batchId = 1;

  /** Nothing yet. */
  public RandomStore(Random random, TestStore store) {
    this.random = random;
    this.store = store;
    stored = new StoredRollups(store.rollups());
  }

  /** What was made of the events. */
  public static StoredRollups fill(Random random, TestStore store, List<TestEvent> events)
      throws SQLException {
    RandomStore filled = new RandomStore(random, store);
    filled.add(events, MOST_PER_FLUSH);
    return filled.stored;
  }

  /** More batches, after which what came before is folded and compacted further, too. */
  public void add(List<TestEvent> events, int mostPerFlush) throws SQLException {
    int from = 0;
    while (from < events.size()) {
      int size = 1 + random.nextInt(random.nextBoolean() ? FEW : mostPerFlush);
      int to = Math.min(events.size(), from + size);
      flush(batchId++, events.subList(from, to));
      from = to;
    }
    store.rewrite(stored);
  }

  /** As retention does: what lies before an instant is folded, and then the events go. */
  public void letGo(long raw, long minute, long hour, long day) throws SQLException {
    stored.fold(note -> note.events().stream().anyMatch(event -> event.occurredAtMicros() < raw));
    store.rewrite(stored);
    store.letGo("raw", raw);
    store.letGo("minute", minute);
    store.letGo("hour", hour);
    store.letGo("day", day);
  }

  private void flush(long batchId, List<TestEvent> events) throws SQLException {
    store.writeEvents(batchId, events, random.nextBoolean());
    stored.flush(batchId, events, rollup -> random.nextInt(3) == 0);
    if (random.nextInt(2) == 0) {
      stored.compact(delta -> random.nextInt(4) > 0);
    }
    if (random.nextInt(2) == 0) {
      stored.fold(note -> random.nextInt(2) == 0);
    }
    if (random.nextInt(2) == 0) {
      addSpan();
    }
  }

  private void addSpan() {
    RollupDefinition rollup = stored.rollups().get(random.nextInt(stored.rollups().size()));
    List<Grain> grains =
        rollup.grains().stream().filter(grain -> grain != rollup.finest()).toList();
    // Few days, or little else is left.
    Grain grain = grains.get(random.nextInt(5) == 0 ? grains.size() - 1 : 0);
    stored.addSpan(rollup, grain, grain.floor(RandomEvents.time(random)));
  }
}
