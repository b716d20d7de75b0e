package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.v1.Requirements;
import dev.windrow.query.worth.Position;
import java.util.Optional;

/** Reads as of which earlier answer something is asked. */
final class Positions {
  private Positions() {}

  /**
   * The position; empty if the field is.
   *
   * @param required what is to be required of the answer, whose field is {@code requiredField}
   */
  static Optional<Position.OfSnapshot> of(
      String field, String text, String requiredField, Requirements required) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Position.OfSnapshot position = snapshot(field, text);
    if (required.hasMaxStaleness()) {
      throw unjudged(requiredField + ".max_staleness");
    }
    if (required.getMinCoverage() != 0) {
      throw unjudged(requiredField + ".min_coverage");
    }
    if (!required.getMinPosition().isEmpty()) {
      throw unjudged(requiredField + ".min_position");
    }
    return Optional.of(position);
  }

  private static Position.OfSnapshot snapshot(String field, String text) {
    try {
      return new Position.OfSnapshot(text);
    } catch (IllegalArgumentException e) {
      throw invalid(field, "must be the position of an answer; that of an append names no instant");
    }
  }

  private static RuntimeException unjudged(String field) {
    return invalid(field, "cannot be judged as of a position; ask without one");
  }
}
