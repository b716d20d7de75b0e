package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.lane.PendingAppend;
import java.util.IdentityHashMap;
import java.util.List;

/** A request that wants all or nothing is in a flush that would store a part of it. */
final class StartAgainException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals;

  /**
   * @param refusals see {@link FlushWork#refusals}
   */
  StartAgainException(IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals) {
    super("a request wants all or nothing", null, false, false);
    this.refusals = refusals;
  }

  IdentityHashMap<PendingAppend, List<RejectedEvent>> refusals() {
    return refusals;
  }
}
