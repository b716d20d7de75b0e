/** Which rows answer a question: the cover of a window by buckets, live deltas and raw events. */
@NullMarked
package dev.windrow.query.plan;

import org.jspecify.annotations.NullMarked;
