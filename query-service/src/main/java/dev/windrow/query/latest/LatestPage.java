package dev.windrow.query.latest;

import dev.windrow.query.answer.Reading;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Completeness;
import dev.windrow.rollup.LatestEvent;
import java.util.List;
import java.util.Optional;

/**
 * A page of newest events.
 *
 * @param nextPageToken empty on the last page
 * @param position the first page's snapshot, which all pages show
 * @param completeness of the first page's snapshot; empty on later pages
 * @param reading how it was found
 */
public record LatestPage(
    List<Line> lines,
    String nextPageToken,
    String position,
    SnapshotFacts facts,
    Optional<Completeness> completeness,
    Reading reading) {
  /** The newest event of a pair. */
  public record Line(Pair pair, LatestEvent event) {
    private static final int FIXED_WEIGHT = 64;

    /** About how large it is in a response, in bytes. */
    int weight() {
      // UTF-8 has up to three bytes for a unit of UTF-16.
      int units = pair.type().length() + pair.entityId().length() + event.status().length();
      return FIXED_WEIGHT + 3 * units;
    }
  }

  public LatestPage {
    lines = List.copyOf(lines);
  }
}
