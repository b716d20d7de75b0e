package dev.windrow.ingest.flush;

/** What a producer's own id identifies. */
record EventKey(String source, String eventId) implements Comparable<EventKey> {
  @Override
  public int compareTo(EventKey other) {
    int bySource = source.compareTo(other.source);
    return bySource != 0 ? bySource : eventId.compareTo(other.eventId);
  }
}
