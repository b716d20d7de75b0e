/** PostgreSQL's binary COPY format. */
@NullMarked
package dev.windrow.ingest.copy;

import org.jspecify.annotations.NullMarked;
