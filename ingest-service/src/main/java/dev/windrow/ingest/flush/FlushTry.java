package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.PendingAppend;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try to flush requests, and what tries before have found out.
 *
 * <p>Concurrency: made and read by whoever decides about tries, one at a time. The COMMIT is noted
 * by the connection's thread, which may be late: after the try was given up. Therefore each try has
 * its own note, so that none is taken for that of another; a note that comes too late is not seen,
 * and the requests are told that nothing is known.
 */
final class FlushTry {
  private final List<PendingAppend> requests;
  private final IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals;
  private final int number;
  private volatile @Nullable SentCommit commit;

  private FlushTry(
      List<PendingAppend> requests,
      IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals,
      int number) {
    this.requests = requests;
    this.refusals = refusals;
    this.number = number;
  }

  static FlushTry first(List<PendingAppend> requests) {
    return new FlushTry(requests, new IdentityHashMap<>(), 1);
  }

  /** The next try of the same. */
  FlushTry next() {
    return new FlushTry(requests, refusals, number + 1);
  }

  /** The next try, which knows what is wrong with some requests. */
  FlushTry nextWithout(IdentityHashMap<PendingAppend, List<RejectedEvent>> found) {
    IdentityHashMap<PendingAppend, List<RejectedEvent>> all = new IdentityHashMap<>(refusals);
    all.putAll(found);
    return new FlushTry(requests, all, number + 1);
  }

  /** The first try of a part. */
  FlushTry part(int from, int to) {
    return new FlushTry(requests.subList(from, to), refusals, 1);
  }

  List<PendingAppend> requests() {
    return requests;
  }

  FlushWork work() {
    return new FlushWork(requests, refusals);
  }

  int number() {
    return number;
  }

  /** From now on nobody knows whether the transaction is committed, until the answer comes. */
  void commits(SentCommit sent) {
    commit = sent;
  }

  @Nullable SentCommit commit() {
    return commit;
  }
}
