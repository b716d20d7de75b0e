package dev.windrow.ingest.lane;

import org.jspecify.annotations.Nullable;

/**
 * The way of one call's requests into a lane.
 *
 * <p>A client with little in flight goes to the express lane, whose flushes are small, so it does
 * not wait behind those who send much. A stream changes lanes only while nothing of its client is
 * in flight, which keeps the order: when the client begins to send much, its streams wait once for
 * what they have sent.
 *
 * <p>For one call, but for the client's monitor, under which nothing blocks and nobody is called.
 */
public final class Way {
  private final Lanes lanes;
  private final Client client;
  private final Lane home;
  private final boolean ordered;
  // The lane that had no room, if it was a lane.
  private @Nullable Lane full;

  /**
   * @param home the lane when it is not the express one
   * @param ordered whether requests must be flushed in the order in which they were accepted
   */
  Way(Lanes lanes, Client client, Lane home, boolean ordered) {
    this.lanes = lanes;
    this.client = client;
    this.home = home;
    this.ordered = ordered;
  }

  /** Takes a request or says why not. Never blocks. */
  public Offer offer(PendingAppend request) {
    long size = request.bytes();
    Offer offer;
    synchronized (client) {
      full = null;
      boolean little = lanes.isLittle(client.inFlight + size);
      if (!choose(size) || !lanes.inFlight().enter(client.inFlight, size, little)) {
        return Offer.FULL;
      }
      client.inFlight += size;
      Lane lane = client.express ? lanes.express() : home;
      offer = lane.offer(request.before(() -> leave(size)));
      full = offer == Offer.FULL ? lane : null;
    }
    if (offer != Offer.ACCEPTED) {
      leave(size);
    }
    return offer;
  }

  // Whether the request may go to the lane that is chosen now.
  private boolean choose(long size) {
    boolean light = lanes.isLight(client.inFlight + size);
    if (client.inFlight == 0) {
      client.express = light && !client.heavy;
      client.heavy = !light;
      return true;
    }
    if (client.express && !light) {
      client.heavy = true;
      client.express = ordered;
      return !ordered;
    }
    return true;
  }

  /**
   * Runs {@code retry} once when room may have come, on any thread; a caller that was refused
   * registers and then offers again.
   */
  public void whenRoom(Runnable retry) {
    Lane lane = full;
    if (lane != null) {
      lane.whenRoom(retry);
    } else {
      lanes.inFlight().whenRoom(retry);
    }
  }

  /** The bound on what waits for room. */
  public InFlight inFlight() {
    return lanes.inFlight();
  }

  private void leave(long size) {
    synchronized (client) {
      client.inFlight -= size;
    }
    lanes.inFlight().leave(size);
  }
}
