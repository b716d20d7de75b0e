package dev.windrow.ingest.lane;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The lanes of one process; a client's requests always take the same one, which keeps their order.
 */
public final class Lanes {
  private final List<Lane> lanes;
  private final AtomicInteger next = new AtomicInteger();

  public Lanes(List<Lane> lanes) {
    this.lanes = List.copyOf(lanes);
  }

  /** The lane of a named producer. */
  public Lane of(String producerId) {
    return lanes.get(Math.floorMod(producerId.hashCode(), lanes.size()));
  }

  /** A lane for a client without a name: the caller keeps it as long as order matters. */
  public Lane any() {
    return lanes.get(Math.floorMod(next.getAndIncrement(), lanes.size()));
  }

  /** Gives every lane an occasion to settle. */
  public void tick() {
    lanes.forEach(Lane::tick);
  }

  /** Refuses further requests. */
  public void close() {
    lanes.forEach(Lane::close);
  }

  /** Completes once all are closed and every request that they took has its outcome. */
  public CompletableFuture<Void> ended() {
    return CompletableFuture.allOf(
        lanes.stream().map(Lane::ended).toArray(CompletableFuture<?>[]::new));
  }
}
