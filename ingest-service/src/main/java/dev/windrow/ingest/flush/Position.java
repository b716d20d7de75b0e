package dev.windrow.ingest.flush;

/**
 * How far a producer has come.
 *
 * @param epoch the highest that wrote
 * @param lastSequence the last durable one
 * @param lastBatch that moved this ledger; 0 if none is known
 */
record Position(long epoch, long lastSequence, long lastBatch) {
  /** Of a producer whose batches are not known. */
  Position(long epoch, long lastSequence) {
    this(epoch, lastSequence, 0);
  }

  Position at(long newEpoch, long newSequence) {
    return new Position(newEpoch, newSequence, lastBatch);
  }
}
