/** Events that are taken back. */
@NullMarked
package dev.windrow.ingest.correction;

import org.jspecify.annotations.NullMarked;
