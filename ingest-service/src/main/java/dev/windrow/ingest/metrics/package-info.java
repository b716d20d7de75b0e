/** The metrics of this service: what they are called, and who tells them. */
@NullMarked
package dev.windrow.ingest.metrics;

import org.jspecify.annotations.NullMarked;
