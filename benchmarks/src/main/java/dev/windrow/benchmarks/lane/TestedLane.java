package dev.windrow.benchmarks.lane;

import dev.windrow.ingest.accept.AcceptedBatch;
import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.Lane;
import dev.windrow.ingest.lane.LaneSettings;
import dev.windrow.ingest.lane.PendingAppend;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A lane whose flushes succeed at once, and requests for it. */
final class TestedLane {
  /** Of each request. */
  static final long REQUEST_BYTES = request(outcome -> {}).bytes();

  private static final int FLUSH_REQUESTS = 1_024;
  private static final AppendOutcome DURABLE =
      new AppendOutcome.Durable(0, 0, List.of(), false, 0, "");

  private TestedLane() {}

  static Lane create(int maxRequests, long maxBytes, Executor thread) {
    return new Lane(
        new LaneSettings(
            maxRequests, maxBytes, FLUSH_REQUESTS, FLUSH_REQUESTS * REQUEST_BYTES, Duration.ZERO),
        thread,
        requests -> Mono.just(Collections.nCopies(requests.size(), DURABLE)),
        everything -> Mono.empty());
  }

  static PendingAppend request(Consumer<AppendOutcome> done) {
    return new PendingAppend(null, AcceptedBatch.EMPTY, done);
  }
}
