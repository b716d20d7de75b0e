package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What became of the events of a request: what it is told, and whoever repeats it.
 *
 * @param rejectedCount how many were rejected
 * @param rejections all of them, by index; or fewer, if reading them all would have been too much
 */
record AppendResult(int stored, int duplicates, int rejectedCount, List<RejectedEvent> rejections) {
  // A rejection without its message takes up to 345 bytes of a response (the name of an attribute
  // is
  // the longest field), one with it up to 770: 10,000 of them stay below gRPC's 4 MiB.
  private static final int WITH_MESSAGE = 1_000;

  /** Every event was stored: what is not written down. */
  static AppendResult trivial(int events) {
    return new AppendResult(events, 0, 0, List.of());
  }

  /**
   * @param rejected in any order
   */
  static AppendResult of(int stored, int duplicates, List<RejectedEvent> rejected) {
    List<RejectedEvent> sorted =
        rejected.stream().sorted(Comparator.comparingInt(RejectedEvent::index)).toList();
    List<RejectedEvent> bounded =
        sorted.size() <= WITH_MESSAGE
            ? sorted
            : IntStream.range(0, sorted.size())
                .mapToObj(i -> i < WITH_MESSAGE ? sorted.get(i) : sorted.get(i).withoutMessage())
                .toList();
    return new AppendResult(stored, duplicates, bounded.size(), bounded);
  }

  boolean isTrivial() {
    return duplicates == 0 && rejectedCount == 0;
  }

  boolean isWhole() {
    return rejections.size() == rejectedCount;
  }
}
