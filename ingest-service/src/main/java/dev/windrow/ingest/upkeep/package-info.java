/** What the kinds of upkeep have in common: their rounds, and that one process is the one. */
@NullMarked
package dev.windrow.ingest.upkeep;

import org.jspecify.annotations.NullMarked;
