package dev.windrow.ingest.lane;

/**
 * The position that a request claims.
 *
 * @param id the producer's stable name
 * @param epoch which life of it; a higher one fences lower ones
 * @param sequence from 1; 0 only claims the epoch and asks for the position
 */
public record Producer(String id, long epoch, long sequence) {
  public Producer {
    if (id.isEmpty() || epoch < 0 || sequence < 0) {
      throw new IllegalArgumentException("producer: id, epoch, sequence must be set, not negative");
    }
  }

  public boolean isClaim() {
    return sequence == 0;
  }
}
