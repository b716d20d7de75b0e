/** Turns deltas into buckets. */
@NullMarked
package dev.windrow.ingest.compaction;

import org.jspecify.annotations.NullMarked;
