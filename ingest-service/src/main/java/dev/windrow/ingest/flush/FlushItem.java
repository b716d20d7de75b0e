package dev.windrow.ingest.flush;

import dev.windrow.ingest.accept.EventBlock;
import dev.windrow.ingest.accept.EventBlock.IdentifiedEvent;
import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.copy.CopyEvents;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.runtime.error.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request of a flush and what was decided of it. */
final class FlushItem {
  final PendingAppend request;
  // Of its events among the rows of the flush.
  final int firstRow;
  @Nullable Failure failure;
  boolean duplicateRequest;
  // Of a repeat: the request before it in this flush.
  @Nullable FlushItem original;
  long durableSequence;
  int stored;
  int duplicates;
  final List<RejectedEvent> rejected;
  private @Nullable AppendResult result;

  /**
   * @param known what a try before has found wrong with its events
   */
  FlushItem(PendingAppend request, int firstRow, List<RejectedEvent> known) {
    this.request = request;
    this.firstRow = firstRow;
    this.rejected = new ArrayList<>(request.batch().rejected());
    this.rejected.addAll(known);
  }

  EventBlock events() {
    return request.batch().accepted();
  }

  /** When an event happened, by its place among those that were accepted. */
  long occurredAtMicros(int position) {
    return CopyEvents.occurredAtMicros(events().rows(), events().start(position));
  }

  boolean stores() {
    return failure == null && !duplicateRequest;
  }

  /** Whether it wants all its events stored, and cannot have it. */
  boolean isRefused() {
    return request.allOrNothing() && !rejected.isEmpty();
  }

  void refuse() {
    failure = AllOrNothing.failure(rejected, request.events());
  }

  /** Whether an event before this one, of this request, has the same id and other content. */
  boolean contradicts(IdentifiedEvent event) {
    for (IdentifiedEvent other : events().identified()) {
      if (other.position() >= event.position()) {
        return false;
      }
      if (other.contentHash() != event.contentHash()
          && other.eventId().equals(event.eventId())
          && other.source().equals(event.source())) {
        return true;
      }
    }
    return false;
  }

  /** Once its events are decided. */
  AppendResult result() {
    AppendResult known = result;
    if (known == null) {
      known = AppendResult.of(stored, duplicates, rejected);
      result = known;
    }
    return known;
  }
}
