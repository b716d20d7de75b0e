package dev.windrow.query.segment;

import dev.windrow.query.read.Cell;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.Summary;
import dev.windrow.query.worth.SnapshotText;
import dev.windrow.rollup.Aggregate;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a piece.
 *
 * @param summary what was read; empty if the piece was only asked for
 * @param position a snapshot in which it would have been read the same
 * @param seen the same, taken apart
 */
record KeptPiece(Optional<Summary> summary, String position, SnapshotText seen) {
  private static final int WEIGHT = 100;
  private static final int CELL = 300;
  private static final int TEXT = 60;

  /** One that was asked for. */
  static KeptPiece asked(SnapshotFacts facts) {
    return in(facts, Optional.empty());
  }

  /** One that was read. */
  static KeptPiece read(Summary summary, SnapshotFacts facts) {
    return in(facts, Optional.of(summary.kept()));
  }

  /** The same, in a later snapshot. */
  KeptPiece at(SnapshotFacts later) {
    return in(later, summary);
  }

  private static KeptPiece in(SnapshotFacts facts, Optional<Summary> summary) {
    return new KeptPiece(summary, facts.position(), SnapshotText.parse(facts.position()));
  }

  /** Whether what is visible here is visible in a snapshot. */
  boolean isCoveredBy(SnapshotFacts facts) {
    return SnapshotText.parse(facts.position()).covers(seen, facts.standby());
  }

  /** About how much memory it takes, in bytes. */
  long weight() {
    long weight = WEIGHT + 2L * position.length();
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
