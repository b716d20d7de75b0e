package dev.windrow.ingest.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Which partitions are old enough. Pure. */
final class DuePartitions {
  // An event is taken up to the age that is kept and written soon: after so long none is under way.
  private static final Duration MARGIN = Duration.ofHours(1);

  private DuePartitions() {}

  /** What ends by then is due; {@link Instant#MIN} if everything is kept. */
  static Instant cutoff(Instant now, Duration kept) {
    return kept.isZero() ? Instant.MIN : now.minus(kept).minus(MARGIN);
  }

  /** The same for a tier that is not divided: the beginning of a UTC day. */
  static Instant cutoffDay(Instant now, Duration kept) {
    return kept.isZero() ? Instant.MIN : cutoff(now, kept).truncatedTo(ChronoUnit.DAYS);
  }

  /**
   * The partitions of a tier that the horizon may pass, the oldest first: they are behind it, and
   * end by the cutoff.
   */
  static List<Partition> of(List<Partition> all, Tier tier, Instant horizon, Instant cutoff) {
    return all.stream()
        .filter(one -> one.tier() == tier && one.state() == Partition.State.ATTACHED)
        .filter(one -> one.to().isAfter(horizon) && !one.to().isAfter(cutoff))
        .sorted((one, other) -> one.begin().compareTo(other.begin()))
        .toList();
  }

  /** Those that lie before one horizon and not before another, the oldest first. */
  static List<Partition> between(List<Partition> all, Tier tier, Instant from, Instant to) {
    return before(all, tier, to).stream()
        .filter(one -> one.state() == Partition.State.ATTACHED && one.to().isAfter(from))
        .toList();
  }

  /** Those that lie before a horizon, in whatever state, the oldest first. */
  static List<Partition> before(List<Partition> all, Tier tier, Instant horizon) {
    return all.stream()
        .filter(one -> one.tier() == tier && !one.to().isAfter(horizon))
        .sorted((one, other) -> one.begin().compareTo(other.begin()))
        .toList();
  }
}
