/** What may be stored: each event checked on its own, before it waits in a lane. */
@NullMarked
package dev.windrow.ingest.accept;

import org.jspecify.annotations.NullMarked;
