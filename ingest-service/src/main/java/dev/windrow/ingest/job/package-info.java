/** The kinds of jobs that rewrite what is stored. */
@NullMarked
package dev.windrow.ingest.job;

import org.jspecify.annotations.NullMarked;
