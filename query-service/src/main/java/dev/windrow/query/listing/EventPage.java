package dev.windrow.query.listing;

import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Completeness;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param nextPageToken empty on the last page
 * @param position the first page's snapshot, which all pages show
 * @param completeness of the first page's snapshot; empty on later pages
 * @param window whose events were looked for: the part of the one asked for of which events are
 *     kept
 */
public record EventPage(
    List<ListedEvent> events,
    String nextPageToken,
    String position,
    SnapshotFacts facts,
    Optional<Completeness> completeness,
    TimeRange window) {
  public EventPage {
    events = List.copyOf(events);
  }
}
