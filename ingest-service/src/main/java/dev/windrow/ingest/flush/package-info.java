/** One flush is one transaction: events, their deltas, producer positions, lineage. */
@NullMarked
package dev.windrow.ingest.flush;

import org.jspecify.annotations.NullMarked;
