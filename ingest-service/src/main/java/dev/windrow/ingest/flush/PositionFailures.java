package dev.windrow.ingest.flush;

import dev.windrow.ingest.lane.Producer;
import dev.windrow.runtime.error.Failure;
import io.grpc.Status;
import java.util.Map;

/** Why a request is not stored at the position that it claims. */
final class PositionFailures {
  private PositionFailures() {}

  static Failure gap(Producer producer, Position now) {
    long expected = now.lastSequence() + 1;
    return Failure.of(
        Status.Code.OUT_OF_RANGE,
        "SEQUENCE_GAP",
        "sequence: must be " + expected + ", got " + producer.sequence(),
        Map.of(
            "producer_id", producer.id(),
            "expected_sequence", Long.toString(expected),
            "sequence", Long.toString(producer.sequence())));
  }

  static Failure fenced(Producer producer, Position now) {
    return Failure.of(
        Status.Code.ABORTED,
        "PRODUCER_FENCED",
        "producer_epoch: must be at least " + now.epoch() + ", got " + producer.epoch(),
        Map.of(
            "producer_id", producer.id(),
            "current_epoch", Long.toString(now.epoch()),
            "producer_epoch", Long.toString(producer.epoch())));
  }
}
