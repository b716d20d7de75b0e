/** What waits for compaction and for workers, for who watches over the service. */
@NullMarked
package dev.windrow.ingest.backlog;

import org.jspecify.annotations.NullMarked;
