package dev.windrow.ingest.flush;

/** Whose word about what. */
record WatermarkKey(String source, String producerId) {}
