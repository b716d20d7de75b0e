/** Both services and a PostgreSQL in one process, with real data, to be looked at. */
@NullMarked
package dev.windrow.quickstart;

import org.jspecify.annotations.NullMarked;
