package dev.windrow.ingest.retention;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A table that is, or was, a partition of a tier.
 *
 * @param begin the first UTC day it has
 */
record Partition(Tier tier, LocalDate begin, State state) {
  /** How far it is gone. */
  enum State {
    /** It is part of its table. */
    ATTACHED,
    /** A detach was begun and interrupted. */
    PENDING,
    /** It is nobody's part any more, and not dropped. */
    DETACHED
  }

  String name() {
    return tier.nameOf(begin);
  }

  Instant from() {
    return begin.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  Instant to() {
    return tier.end(begin);
  }
}
