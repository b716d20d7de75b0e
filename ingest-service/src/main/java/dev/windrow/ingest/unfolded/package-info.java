/** The delta's second form: batches that are noted as not folded yet, and what becomes of them. */
@NullMarked
package dev.windrow.ingest.unfolded;

import org.jspecify.annotations.NullMarked;
