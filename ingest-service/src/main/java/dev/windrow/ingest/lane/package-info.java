/** Bounded lock-free buffers between the calls and the database. */
@NullMarked
package dev.windrow.ingest.lane;

import org.jspecify.annotations.NullMarked;
