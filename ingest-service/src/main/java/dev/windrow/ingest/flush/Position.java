package dev.windrow.ingest.flush;

/** How far a producer has come: the highest epoch that wrote, and the last durable sequence. */
record Position(long epoch, long lastSequence) {}
