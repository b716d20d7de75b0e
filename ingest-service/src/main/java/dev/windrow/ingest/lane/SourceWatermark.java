package dev.windrow.ingest.lane;

/**
 * A producer's word that it has sent everything of a source up to a time.
 *
 * @param completeUntilMicros since the epoch, exclusive
 */
public record SourceWatermark(String source, long completeUntilMicros) {}
