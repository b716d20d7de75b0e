package dev.windrow.query.listing;

import dev.windrow.query.read.SnapshotFacts;
import java.util.List;

/**
 * A page of a listing.
 *
 * @param nextPageToken empty on the last page
 * @param position the first page's snapshot, which all pages show
 */
public record EventPage(
    List<ListedEvent> events, String nextPageToken, String position, SnapshotFacts facts) {
  public EventPage {
    events = List.copyOf(events);
  }
}
