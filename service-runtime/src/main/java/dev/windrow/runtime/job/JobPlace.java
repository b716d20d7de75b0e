package dev.windrow.runtime.job;

import java.time.Instant;

/** The place of a job among all, newest first. */
public record JobPlace(Instant createdAt, String id) {}
