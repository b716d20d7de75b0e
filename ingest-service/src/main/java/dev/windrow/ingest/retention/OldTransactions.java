package dev.windrow.ingest.retention;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Remembers which transactions were running when something was seen to be committed, until none of
 * them is. Lives as long as the process: the next one waits for those that it finds. For one thread
 * at a time.
 */
final class OldTransactions {
  private final Map<String, Set<String>> waitedFor = new HashMap<>();

  /**
   * Whether every transaction that may not see a change has ended.
   *
   * @param change what was committed
   * @param running a list that was taken after the change was seen
   */
  boolean areGone(String change, Set<String> running) {
    Set<String> old = waitedFor.computeIfAbsent(change, first -> new HashSet<>(running));
    old.retainAll(running);
    return old.isEmpty();
  }

  /** What is not waited for any more is forgotten. */
  void keepOnly(Set<String> changes) {
    waitedFor.keySet().retainAll(changes);
  }
}
