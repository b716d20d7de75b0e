package dev.windrow.ingest.lane;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.runtime.error.Failure;
import java.util.List;

/** What became of one request. */
public sealed interface AppendOutcome {
  /**
   * It is durable.
   *
   * @param duplicateRequest its sequence had been durable before; nothing was stored now, and the
   *     counts are those of then
   * @param durableSequence of its producer; 0 without one
   * @param position of a commit that covers what is acknowledged; empty if nothing is
   */
  record Durable(
      long storedCount,
      long duplicateCount,
      List<RejectedEvent> rejected,
      boolean duplicateRequest,
      long durableSequence,
      String position)
      implements AppendOutcome {}

  /** It is not acknowledged. */
  record Failed(Failure failure) implements AppendOutcome {}
}
