/**
 * The end-to-end ingest harness: Windrow against a bare COPY of the same events into one table, in
 * turns, on the same PostgreSQL.
 */
@NullMarked
package dev.windrow.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
