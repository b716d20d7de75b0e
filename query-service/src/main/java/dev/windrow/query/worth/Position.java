package dev.windrow.query.worth;

import dev.windrow.query.read.SnapshotFacts;
import java.util.regex.Pattern;

/** A position that an answer must have reached. */
public sealed interface Position {
  /** How the number of a batch is written. */
  Pattern BATCH = Pattern.compile("[1-9][0-9]{0,18}");

  /**
   * What an append was told: a batch. Once it is visible, so is all that the append covers. The
   * order of numbers says nothing, because they are handed out before commit.
   */
  record OfBatch(long batchId) implements Position {
    @Override
    public String text() {
      return Long.toString(batchId);
    }

    @Override
    public boolean isReached(SnapshotFacts facts) {
      return facts.batchVisible();
    }
  }

  /** What an earlier answer was told: its snapshot. */
  record OfSnapshot(String text) implements Position {
    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it is not that of a snapshot
     */
    public OfSnapshot {
      SnapshotText.parse(text);
    }

    /** Whether it tells what was visible, so that something can be asked as of it. */
    public boolean isWhole() {
      return SnapshotText.parse(text).isWhole();
    }

    @Override
    public boolean isReached(SnapshotFacts facts) {
      return SnapshotText.parse(facts.position()).covers(SnapshotText.parse(text), facts.standby());
    }
  }

  /** As the caller has it. */
  String text();

  /**
   * Whether a snapshot shows all that this position covers.
   *
   * @param facts of the snapshot, asked about this position's batch if it is one
   */
  boolean isReached(SnapshotFacts facts);

  /**
   * Reads what an append or an answer gave.
   *
   * @throws IllegalArgumentException if none did
   */
  static Position parse(String text) {
    return BATCH.matcher(text).matches() ? new OfBatch(Long.parseLong(text)) : new OfSnapshot(text);
  }
}
