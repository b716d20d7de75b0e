/** Half of full load for a long time, and whether anything grows that should not. */
@NullMarked
package dev.windrow.benchmarks.soak;

import org.jspecify.annotations.NullMarked;
