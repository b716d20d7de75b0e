/** Microbenchmarks; how to run them and what they gave is in this module's README. */
@NullMarked
package dev.windrow.benchmarks;

import org.jspecify.annotations.NullMarked;
