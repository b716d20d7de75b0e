package dev.windrow.ingest.lane;

/** What a lane says to an offered request. */
public enum Offer {
  /** It will be flushed; its {@code done} will be called. */
  ACCEPTED,
  /** No room now. */
  FULL,
  /** The lane takes no more. */
  CLOSED
}
