package dev.windrow.rollup;

/**
 * Which grain of one rollup an event is folded at: the finest one, except where buckets of it would
 * be about as many as the events, and are not kept.
 */
@FunctionalInterface
public interface Density {
  /**
   * How many events a finer bucket must stand for to be worth keeping: writing it must not cost as
   * much as writing them, which is paid for by questions that end between coarser ones.
   */
  int EVENTS_PER_BUCKET = 8;

  /** The grain of the delta row of an event; one of the rollup's grains. */
  Grain grainAt(long occurredAtMicros);

  /** This grain everywhere. */
  static Density kept(Grain grain) {
    return occurredAtMicros -> grain;
  }
}
