/**
 * Durable jobs: rows that workers claim, lease and end. What a job does is its {@link
 * dev.windrow.runtime.job.JobKind kind}, which a service brings.
 */
@NullMarked
package dev.windrow.runtime.job;

import org.jspecify.annotations.NullMarked;
