package dev.windrow.ingest.correction;

/**
 * Events are of batches that are not folded yet: a lane holds their aggregates in memory, and will
 * write them. Nothing was done; it can be tried again in a second.
 */
public final class NotFoldedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotFoldedException() {
    super("correction: all batches must be folded");
  }
}
