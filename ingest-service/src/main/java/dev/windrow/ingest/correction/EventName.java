package dev.windrow.ingest.correction;

/** What a producer calls an event. */
public record EventName(String source, String eventId) {}
