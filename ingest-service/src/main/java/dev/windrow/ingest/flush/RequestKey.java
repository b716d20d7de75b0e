package dev.windrow.ingest.flush;

/** What identifies a numbered request. */
record RequestKey(String producerId, long sequence) {}
