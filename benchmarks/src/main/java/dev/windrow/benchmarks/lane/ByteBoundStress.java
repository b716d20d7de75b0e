package dev.windrow.benchmarks.lane;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.windrow.ingest.lane.Lane;
import dev.windrow.ingest.lane.Offer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZIJ_Result;

/** Two producers offer more than there is room for, while room comes and goes. */
@JCStressTest
@Outcome(id = "true, 0, 0", expect = ACCEPTABLE, desc = "within the bound; who was taken was told")
@Outcome(id = "false, .*", expect = FORBIDDEN, desc = "more bytes than the bound")
@Outcome(expect = FORBIDDEN, desc = "taken and not told or the reverse, or bytes were lost")
@State
public class ByteBoundStress {
  private static final long BOUND = 2 * TestedLane.REQUEST_BYTES;
  private static final int OFFERS = 3;

  private final Lane lane = TestedLane.create(8, BOUND, new SerialThread());
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  private final AtomicLong most = new AtomicLong();

  @Actor
  public void offerSome() {
    offer();
  }

  @Actor
  public void offerOthers() {
    offer();
  }

  private void offer() {
    for (int i = 0; i < OFFERS; i++) {
      if (lane.offer(TestedLane.request(outcome -> told())) == Offer.ACCEPTED) {
        taken.incrementAndGet();
      }
      most.accumulateAndGet(lane.bytes(), Math::max);
    }
  }

  // The bytes of this request are still counted.
  private void told() {
    told.incrementAndGet();
    most.accumulateAndGet(lane.bytes(), Math::max);
  }

  @Arbiter
  public void look(ZIJ_Result result) {
    result.r1 = most.get() <= BOUND;
    result.r2 = taken.get() - told.get();
    result.r3 = lane.bytes();
  }
}
