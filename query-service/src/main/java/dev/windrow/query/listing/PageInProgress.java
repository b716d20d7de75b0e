package dev.windrow.query.listing;

import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Completeness;
import dev.windrow.rollup.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The events of a page while they stream. A page also ends where it would grow larger than a client
 * takes by default; it has at least one event.
 */
final class PageInProgress {
  // gRPC clients take messages of up to 4 MiB unless told otherwise.
  private static final int MAX_WEIGHT = 3 << 20;

  private final Listing listing;
  private final List<ListedEvent> events = new ArrayList<>();
  private int weight;
  private boolean more;

  PageInProgress(Listing listing) {
    this.listing = listing;
  }

  /** How many events are still to be read: one more than fit tells that there is a next page. */
  int wanted() {
    return listing.pageSize() - events.size() + 1;
  }

  boolean isFull() {
    return more;
  }

  void add(ListedEvent event) {
    if (more) {
      return;
    }
    weight += event.weight();
    if (events.size() == listing.pageSize() || (weight > MAX_WEIGHT && !events.isEmpty())) {
      more = true;
      return;
    }
    events.add(event);
  }

  EventPage toPage(SnapshotFacts facts, Optional<Completeness> completeness, TimeRange window) {
    String position = listing.snapshot().orElse(facts.position());
    String next = "";
    if (more) {
      PageToken token = PageToken.of(events.get(events.size() - 1).key(), position);
      next = token.encode(listing.window(), listing.scope());
    }
    return new EventPage(events, next, position, facts, completeness, window);
  }
}
