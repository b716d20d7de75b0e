/**
 * What is older than it need be kept is let go: horizons move first, then partitions are dropped.
 */
@NullMarked
package dev.windrow.ingest.retention;

import org.jspecify.annotations.NullMarked;
