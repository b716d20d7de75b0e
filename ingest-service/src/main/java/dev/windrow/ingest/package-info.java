/** The write path: from a stream of events to a committed transaction. */
@NullMarked
package dev.windrow.ingest;

import org.jspecify.annotations.NullMarked;
