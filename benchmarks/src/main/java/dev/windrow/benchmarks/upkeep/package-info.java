/** What it costs to make what is stored anew. */
@NullMarked
package dev.windrow.benchmarks.upkeep;

import org.jspecify.annotations.NullMarked;
