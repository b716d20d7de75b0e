/** Rollups that are compared with their events, and made anew from them. */
@NullMarked
package dev.windrow.ingest.recompute;

import org.jspecify.annotations.NullMarked;
