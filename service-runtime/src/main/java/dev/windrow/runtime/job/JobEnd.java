package dev.windrow.runtime.job;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt ends its job.
 *
 * @param state an ended one
 * @param failure of a failed one, else null
 */
record JobEnd(JobState state, @Nullable JobFailure failure, int pages, long done, long total) {}
