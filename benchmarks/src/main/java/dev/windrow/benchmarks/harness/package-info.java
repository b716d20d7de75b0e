/**
 * What the end-to-end harnesses share: a PostgreSQL and services of the run, events and who sends
 * them, and how results are written.
 */
@NullMarked
package dev.windrow.benchmarks.harness;

import org.jspecify.annotations.NullMarked;
