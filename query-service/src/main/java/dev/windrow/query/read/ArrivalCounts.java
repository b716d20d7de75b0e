package dev.windrow.query.read;

import dev.windrow.rollup.TimeRange;

/**
 * Events that did not arrive as they should.
 *
 * @param window that they happened in
 */
public record ArrivalCounts(TimeRange window, long late, long duplicate, long rejected) {}
