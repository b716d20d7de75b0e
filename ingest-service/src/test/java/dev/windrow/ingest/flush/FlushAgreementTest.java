package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.accept.TestBlocks;
import dev.windrow.ingest.accept.TestBlocks.TestEvent;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.lane.Producer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Whatever comes together in a flush is decided as if each request had come alone. */
class FlushAgreementTest {
  private static final List<String> PRODUCERS = List.of("p0", "p1", "p2", "p3", "p4");

  private final Map<String, Position> ledger = new TreeMap<>();
  private final Map<EventKey, Long> ids = new HashMap<>();
  private final Map<RequestKey, AppendResult> results = new HashMap<>();
  private int stored;

  @Test
  void flushes_ofRandomRequests_decideAsIfEachHadComeAlone() {
    for (int round = 0; round < Integer.getInteger("windrow.test.rounds", 2_000); round++) {
      long seed = Long.getLong("windrow.test.seed", System.nanoTime());
      agree(seed);
    }
  }

  private void agree(long seed) {
    Random random = new Random(seed);
    OneByOne model = new OneByOne();
    ledger.clear();
    ids.clear();
    results.clear();
    stored = 0;
    for (String producer : PRODUCERS) {
      model.ledger.put(producer, new Position(0, 0));
      ledger.put(producer, new Position(0, 0));
    }
    for (int flush = 0; flush < 20; flush++) {
      List<PendingAppend> requests = requests(random);

      List<String> told = flush(FlushTry.first(requests));

      assertThat(told)
          .as("seed %d, flush %d", seed, flush)
          .isEqualTo(requests.stream().map(model::tell).toList());
      assertThat(ledger).as("seed %d, flush %d", seed, flush).isEqualTo(model.ledger);
      assertThat(ids).as("seed %d, flush %d", seed, flush).isEqualTo(model.ids);
      assertThat(results.keySet())
          .as("seed %d, flush %d", seed, flush)
          .isEqualTo(model.results.keySet());
      assertThat(stored).as("seed %d, flush %d", seed, flush).isEqualTo(model.stored);
    }
  }

  /** A flush as Flusher and FlushTransaction make it, on this store. */
  private List<String> flush(FlushTry attempt) {
    FlushWork work = attempt.work();
    Map<String, Position> locked = new HashMap<>(ledger);
    locked.keySet().retainAll(work.producers());
    work.decidePositions(locked);
    Map<RequestKey, AppendResult> recalled = new HashMap<>(results);
    recalled.keySet().retainAll(work.repeats());
    work.recall(recalled);
    Map<EventKey, Long> claimed = new HashMap<>(ids);
    Map<EventKey, Long> known = new HashMap<>();
    work.ids()
        .forEach(
            (key, hash) -> {
              Long before = claimed.putIfAbsent(key, hash);
              if (before != null) {
                known.put(key, before);
              }
            });
    work.decideIds(known, FlushTexts.CLOCK);
    if (work.mustStartAgain()) {
      return startAgain(attempt, work);
    }
    ids.putAll(claimed);
    ledger.putAll(work.advanced());
    results.putAll(work.results());
    stored += work.stored();
    return work.outcomes("pos").stream()
        .map(FlushTexts::text)
        .map(text -> text.startsWith("BATCH_REJECTED") ? "BATCH_REJECTED" : text)
        .toList();
  }

  private List<String> startAgain(FlushTry attempt, FlushWork work) {
    if (!work.refusals().isEmpty() && attempt.number() < 4) {
      return flush(attempt.nextWithout(work.refusals()));
    }
    int size = attempt.requests().size();
    List<String> told = new ArrayList<>(flush(attempt.part(0, size / 2)));
    told.addAll(flush(attempt.part(size / 2, size)));
    return told;
  }

  private List<PendingAppend> requests(Random random) {
    Map<String, Position> sent = new HashMap<>(ledger);
    List<PendingAppend> requests = new ArrayList<>();
    for (int count = 1 + random.nextInt(20); count > 0; count--) {
      Producer producer = random.nextInt(5) == 0 ? null : producer(random, sent);
      boolean claim = producer != null && producer.isClaim();
      requests.add(
          new PendingAppend(
              producer,
              claim ? AcceptedBatch.EMPTY : events(random),
              random.nextInt(4) == 0,
              List.of(),
              outcome -> {}));
    }
    return requests;
  }

  /** Mostly the next sequence; at times a repeat, a gap, a claim, an older or a newer epoch. */
  private static Producer producer(Random random, Map<String, Position> sent) {
    String id = PRODUCERS.get(random.nextInt(PRODUCERS.size()));
    Position at = sent.getOrDefault(id, new Position(0, 0));
    long epoch = Math.max(0, at.epoch() + List.of(0, 0, 0, 0, 0, 0, 1, -1).get(random.nextInt(8)));
    long next = at.lastSequence() + 1;
    long sequence =
        switch (random.nextInt(8)) {
          case 0 -> 0;
          case 1 -> 1 + random.nextInt((int) next);
          case 2 -> next + 1 + random.nextInt(3);
          default -> next;
        };
    if (sequence == next && epoch >= at.epoch() && random.nextInt(8) > 0) {
      sent.put(id, new Position(epoch, next));
    }
    return new Producer(id, epoch, sequence);
  }

  private static AcceptedBatch events(Random random) {
    List<TestEvent> events = new ArrayList<>();
    List<RejectedEvent> rejected = new ArrayList<>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      int index = events.size() + rejected.size();
      if (random.nextInt(12) == 0) {
        rejected.add(FlushTexts.rejected(index));
      } else {
        String id = random.nextInt(3) == 0 ? "" : "i" + random.nextInt(60);
        long hash = random.nextInt(4) == 0 ? 2 : 1;
        events.add(FlushTexts.event(index, "s" + random.nextInt(2), id, hash));
      }
    }
    return new AcceptedBatch(TestBlocks.of(events), rejected, 0);
  }
}
