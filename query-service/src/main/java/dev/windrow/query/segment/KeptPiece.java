package dev.windrow.query.segment;

import dev.windrow.query.read.Cell;
import dev.windrow.query.read.Summary;
import dev.windrow.rollup.Aggregate;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a piece.
 *
 * @param summary what was read; empty if there is nothing to tell
 * @param seen by a snapshot in which it would have been read the same
 * @param keepable whether it is worth the memory
 */
record KeptPiece(Optional<Summary> summary, Seen seen, boolean keepable) {
  private static final int WEIGHT = 200;
  private static final int CELL = 250;
  private static final int TEXT = 60;

  /** One that was asked for. */
  static KeptPiece asked(Seen seen) {
    return new KeptPiece(Optional.empty(), seen, true);
  }

  /** One that was read. */
  static KeptPiece read(Summary summary, Seen seen) {
    return new KeptPiece(Optional.of(summary.kept()), seen, true);
  }

  /** One that is better read each time. */
  static KeptPiece tooLarge(Seen seen) {
    return new KeptPiece(Optional.empty(), seen, false);
  }

  /** The same, in a later snapshot. */
  KeptPiece in(Seen later) {
    return new KeptPiece(summary, later, keepable);
  }

  /** About how much memory it takes, in bytes. */
  long weight() {
    long weight = WEIGHT + seen.weight();
    for (Cell cell : summary.map(Summary::cells).orElseGet(List::of)) {
      Aggregate aggregate = cell.aggregate();
      weight += CELL + aggregate.values().weight() + aggregate.entities().weight();
      for (String value : cell.group().values()) {
        weight += TEXT + 2L * value.length();
      }
    }
    return weight;
  }
}
