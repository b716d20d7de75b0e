/** What a flush must know of the tenant: rollups, and what has been registered. */
@NullMarked
package dev.windrow.ingest.catalog;

import org.jspecify.annotations.NullMarked;
