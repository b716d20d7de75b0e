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

/** Two producers offer, and one of them happens to drain. */
@JCStressTest
@Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "both told once, all bytes given back")
@Outcome(expect = FORBIDDEN, desc = "a request was lost or told twice, or bytes were")
@State
public class OffersStress {
  private final Lane lane = TestedLane.create(4, 1 << 20, new SerialThread());
  private final AtomicInteger first = new AtomicInteger();
  private final AtomicInteger second = new AtomicInteger();

  @Actor
  public void offerFirst() {
    lane.offer(TestedLane.request(outcome -> first.incrementAndGet()));
  }

  @Actor
  public void offerSecond() {
    lane.offer(TestedLane.request(outcome -> second.incrementAndGet()));
  }

  @Arbiter
  public void look(III_Result result) {
    result.r1 = first.get();
    result.r2 = second.get();
    result.r3 = (int) lane.bytes();
  }
}
