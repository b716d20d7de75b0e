/**
 * The lane of the ingest-service: jcstress looks for outcomes that its concurrency argument rules
 * out, JMH for its price.
 */
@NullMarked
package dev.windrow.benchmarks.lane;

import org.jspecify.annotations.NullMarked;
