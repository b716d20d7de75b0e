package dev.windrow.runtime.job;

import java.util.Optional;

/**
 * A job to be created.
 *
 * @param client who asks for it; empty if nobody knows
 * @param kind what its {@link JobKind} is called
 * @param spec what it is to do, as JSON
 * @param requestId the client's name for this request; a second one by that name is the same
 */
public record NewJob(String client, String kind, String spec, Optional<String> requestId) {}
