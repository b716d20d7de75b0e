package dev.windrow.ingest.accept;

import java.util.List;

/**
 * The events of one request, sorted into those that may be stored and those that may not.
 *
 * @param bytes about what all of it holds in memory
 */
public record AcceptedBatch(EventBlock accepted, List<RejectedEvent> rejected, long bytes) {
  // No copies: the list is handed over by the one who made it.
  public static final AcceptedBatch EMPTY = new AcceptedBatch(EventBlock.EMPTY, List.of(), 0);
}
