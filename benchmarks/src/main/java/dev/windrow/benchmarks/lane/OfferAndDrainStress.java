package dev.windrow.benchmarks.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.windrow.ingest.lane.Lane;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * A producer offers while the drainer takes the request before, finds the queue empty, and goes to
 * rest: the moment in which a wake-up could be lost.
 */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both told once, all bytes given back")
@Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "left behind: nobody woke the drainer")
@Outcome(expect = FORBIDDEN, desc = "a request was lost or told twice, or bytes were")
@State
public class OfferAndDrainStress {
  private final HandThread thread = new HandThread();
  private final Lane lane = TestedLane.create(4, 1 << 20, thread);
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger second = new AtomicInteger();

  public OfferAndDrainStress() {
    lane.offer(TestedLane.request(outcome -> first.incrementAndGet()));
  }

  @Actor
  public void offer() {
    lane.offer(TestedLane.request(outcome -> second.incrementAndGet()));
  }

  @Actor
  public void drain() {
    thread.run();
  }

  @Arbiter
  public void look(III_Result result) {
    thread.run();
    result.r1 = first.get();
    result.r2 = second.get();
    result.r3 = (int) lane.bytes();
  }
}
