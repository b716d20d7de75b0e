/**
 * The end-to-end query harness: the same questions asked of Windrow, of raw events in SQL, and of
 * rollup tables made by hand, on the same PostgreSQL.
 */
@NullMarked
package dev.windrow.benchmarks.query;

import org.jspecify.annotations.NullMarked;
