package dev.windrow.query.asof;

import dev.windrow.rollup.TimeRange;

/**
 * The later batches that hold late events beside fresh ones, and so lie astride much that they do
 * not touch.
 *
 * @param time of the window, from their oldest event to their newest; empty if there are none
 * @param first the least of their numbers; likewise {@code last}
 */
record WideBatches(TimeRange time, long first, long last) {}
