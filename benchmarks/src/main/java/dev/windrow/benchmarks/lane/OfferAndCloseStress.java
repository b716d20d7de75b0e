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
import org.openjdk.jcstress.infra.results.LIL_Result;

/** A producer offers while the lane is closed and drained for the last time. */
@JCStressTest
@Outcome(id = "ACCEPTED, 1, ENDED", expect = ACCEPTABLE, desc = "came in time")
@Outcome(id = "CLOSED, 0, ENDED", expect = ACCEPTABLE, desc = "came too late")
@Outcome(id = "ACCEPTED, 0, .*", expect = FORBIDDEN, desc = "taken and forgotten")
@Outcome(id = ".*, NEVER", expect = FORBIDDEN, desc = "the end was never told")
@Outcome(id = "ACCEPTED, 1, EARLY", expect = FORBIDDEN, desc = "the end was told before this")
@Outcome(expect = FORBIDDEN, desc = "refused and yet told, or told twice")
@State
public class OfferAndCloseStress {
  private final HandThread thread = new HandThread();
  private final Lane lane = TestedLane.create(4, 1 << 20, thread);
  private final AtomicInteger told = new AtomicInteger();
  private Offer offer = Offer.FULL;
  private boolean early;

  /** When the lane told its end. */
  private enum End {
    ENDED,
    NEVER,
    EARLY
  }

  @Actor
  public void offer() {
    offer = lane.offer(TestedLane.request(outcome -> told()));
  }

  @Actor
  public void close() {
    lane.close();
    thread.run();
  }

  private void told() {
    told.incrementAndGet();
    early = lane.ended().isDone();
  }

  @Arbiter
  public void look(LIL_Result result) {
    thread.run();
    result.r1 = offer;
    result.r2 = told.get();
    result.r3 = early ? End.EARLY : lane.ended().isDone() ? End.ENDED : End.NEVER;
  }
}
