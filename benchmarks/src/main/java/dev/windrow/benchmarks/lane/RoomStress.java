package dev.windrow.benchmarks.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.windrow.ingest.lane.Lane;
import dev.windrow.ingest.lane.Offer;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJ_Result;

/** A producer finds the lane full and begins to wait, while the drainer makes room. */
@JCStressTest
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it had room in the end")
@Outcome(id = "0, .*", expect = FORBIDDEN, desc = "it waits for ever on an empty lane")
@Outcome(expect = FORBIDDEN, desc = "told twice, or bytes were lost")
@State
public class RoomStress {
  private final HandThread thread = new HandThread();
  private final Lane lane = TestedLane.create(4, TestedLane.REQUEST_BYTES, thread);
  private boolean entered;
  private final AtomicInteger told = new AtomicInteger();

  public RoomStress() {
    lane.offer(TestedLane.request(outcome -> {}));
  }

  @Actor
  public void offer() {
    tryToEnter();
  }

  @Actor
  public void drain() {
    thread.run();
  }

  // Offers, registers, offers again: what the lane asks of one that was refused. A retry that comes
  // while the second offer is under way must not offer the same request once more.
  private void tryToEnter() {
    if (!enter()) {
      lane.whenRoom(this::tryToEnter);
      enter();
    }
  }

  private synchronized boolean enter() {
    if (!entered) {
      entered = lane.offer(TestedLane.request(outcome -> told.incrementAndGet())) == Offer.ACCEPTED;
    }
    return entered;
  }

  @Arbiter
  public void look(IJ_Result result) {
    thread.run();
    result.r1 = told.get();
    result.r2 = lane.bytes();
  }
}
