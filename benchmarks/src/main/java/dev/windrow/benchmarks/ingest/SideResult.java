package dev.windrow.benchmarks.ingest;

/**
 * One side of a round.
 *
 * @param ackedSeconds until the last event was durable
 * @param seconds until all work was done
 * @param usage of that whole time
 */
record SideResult(double ackedSeconds, double seconds, Meter.Usage usage) {}
