package dev.windrow.ingest.lane;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The lanes of one process, and what may be in flight in all of them together. */
public final class Lanes {
  // So much in the express lane is flushed within a few milliseconds.
  private static final long EXPRESS_BYTES = 1 << 20;

  private static final long LIGHT_CLIENTS = 64;

  private final List<Lane> lanes;
  private final Lane express;
  private final long lightBytes;
  private final InFlight inFlight;
  private final AtomicInteger next = new AtomicInteger();

  /**
   * @param express the lane of clients with little in flight
   * @param lightBytes how much is little; 0 leaves the express lane empty
   */
  public Lanes(List<Lane> lanes, Lane express, long lightBytes, InFlight inFlight) {
    this.lanes = List.copyOf(lanes);
    this.express = express;
    // Those who share a small bound are not light because each of them has little.
    this.lightBytes = Math.min(lightBytes, inFlight.maxBytes() / LIGHT_CLIENTS);
    this.inFlight = inFlight;
  }

  /**
   * The way of a client's stream; streams of one producer share a lane.
   *
   * @param producerId empty if it has no name
   */
  public Way stream(Client client, String producerId) {
    return new Way(this, client, home(producerId), true);
  }

  /**
   * The way of a single call.
   *
   * @param producerId empty if it has no name
   */
  public Way call(Client client, String producerId) {
    return new Way(this, client, home(producerId), false);
  }

  private Lane home(String producerId) {
    int turn = producerId.isEmpty() ? next.getAndIncrement() : producerId.hashCode();
    return lanes.get(Math.floorMod(turn, lanes.size()));
  }

  Lane express() {
    return express;
  }

  /** Whether a client that has so much in flight may use what is kept for those with little. */
  boolean isLittle(long bytes) {
    return bytes <= lightBytes;
  }

  /** Whether it is also to be in the express lane. */
  boolean isLight(long bytes) {
    return isLittle(bytes) && express.bytes() + bytes <= EXPRESS_BYTES;
  }

  /** What is in flight. */
  public InFlight inFlight() {
    return inFlight;
  }

  /** Gives every lane an occasion to settle. */
  public void tick() {
    all().forEach(Lane::tick);
  }

  /** Refuses further requests. */
  public void close() {
    all().forEach(Lane::close);
  }

  /** Completes once all are closed and every request that they took has its outcome. */
  public CompletableFuture<Void> ended() {
    return CompletableFuture.allOf(all().map(Lane::ended).toArray(CompletableFuture<?>[]::new));
  }

  private Stream<Lane> all() {
    return Stream.concat(lanes.stream(), Stream.of(express));
  }
}
