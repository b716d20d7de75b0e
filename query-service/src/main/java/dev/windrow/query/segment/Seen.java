package dev.windrow.query.segment;

import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.SnapshotText;

/**
 * What a snapshot of a primary has seen. Those of one server follow each other: of two, one covers
 * the other.
 *
 * @param position the snapshot, as PostgreSQL writes it
 * @param snapshot the same, taken apart
 */
record Seen(String position, SnapshotText snapshot) {
  private static final int TRANSACTION = 50;

  static Seen by(SnapshotFacts facts) {
    return new Seen(facts.position(), SnapshotText.parse(facts.position()));
  }

  /** Whether all that the other has seen is seen here. */
  boolean covers(Seen other) {
    return snapshot.covers(other.snapshot, false);
  }

  /** About how much memory it takes, in bytes. */
  long weight() {
    return 2L * position.length() + (long) TRANSACTION * snapshot.underWay().size();
  }
}
