/** Days are compared with their events, one after the other, for as long as the service runs. */
@NullMarked
package dev.windrow.ingest.verification;

import org.jspecify.annotations.NullMarked;
