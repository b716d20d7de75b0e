/** Telling others that something was committed. */
@NullMarked
package dev.windrow.ingest.announce;

import org.jspecify.annotations.NullMarked;
