package dev.windrow.query.plan;

import dev.windrow.rollup.Grain;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the rows of a segment come from. */
public enum Tier {
  /** Single events. */
  RAW(null),
  /** Buckets of this grain, and the live delta. */
  MINUTE(Grain.MINUTE),
  HOUR(Grain.HOUR),
  DAY(Grain.DAY);

  private final Optional<Grain> grain;

  Tier(@Nullable Grain grain) {
    this.grain = Optional.ofNullable(grain);
  }

  public static Tier of(Grain grain) {
    return switch (grain) {
      case MINUTE -> MINUTE;
      case HOUR -> HOUR;
      case DAY -> DAY;
    };
  }

  /** Of the buckets; empty for raw events. */
  public Optional<Grain> grain() {
    return grain;
  }
}
