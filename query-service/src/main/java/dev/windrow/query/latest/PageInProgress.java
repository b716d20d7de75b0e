package dev.windrow.query.latest;

import dev.windrow.rollup.LatestEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lines of a page. It also ends where it would grow larger than a client takes by default. */
final class PageInProgress {
  // gRPC clients take messages of up to 4 MiB unless told otherwise.
  private static final int MAX_WEIGHT = 3 << 20;

  private final List<LatestPage.Line> lines = new ArrayList<>();
  private int weight;
  private boolean full;
  private @Nullable Pair last;

  /**
   * Adds the next pair, if it fits.
   *
   * @param newest empty if the first page's snapshot saw no event of the pair: it is not shown
   */
  boolean add(Pair pair, Optional<LatestEvent> newest) {
    if (newest.isPresent()) {
      LatestPage.Line line = new LatestPage.Line(pair, newest.get());
      weight += line.weight();
      full = weight > MAX_WEIGHT && !lines.isEmpty();
      if (full) {
        return false;
      }
      lines.add(line);
    }
    last = pair;
    return true;
  }

  List<LatestPage.Line> lines() {
    return lines;
  }

  /**
   * The pair after which the next page begins; empty if there is none.
   *
   * @param more whether there are pairs after those that were to be added
   */
  Optional<Pair> last(boolean more) {
    return full || more ? Optional.ofNullable(last) : Optional.empty();
  }
}
