package dev.windrow.ingest.flush;

import dev.windrow.rollup.Grain;

/**
 * An hour or a day in which a rollup keeps no finer buckets.
 *
 * @param grain of the span: the finest one that is kept there
 * @param events how many events of a flush spoke for it
 */
record CoarseSpan(int rollupId, Grain grain, long startMicros, int events) {}
