package dev.windrow.runtime.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the jobs.
 *
 * @param client who asked for it; empty if nobody knows
 * @param kind what its {@link JobKind} is called
 * @param spec what it is to do, as JSON; for all but its worker without what the caller has sent
 *     under {@code rows}
 * @param attempt how often it was begun
 * @param worker who has begun it last; empty before
 * @param cancelRequested whether its end was asked for
 * @param done how far it is, in the unit of its kind
 * @param total of the same; 0 if nobody knows
 * @param failure of one that failed, else null
 * @param pageCount pages of its result, once it has succeeded
 * @param startedAt when it was first begun; null before
 * @param endedAt null before
 * @param expiresAt when it is forgotten; null before it has ended
 */
public record Job(
    String id,
    String client,
    String kind,
    String spec,
    JobState state,
    int attempt,
    String worker,
    boolean cancelRequested,
    long done,
    long total,
    @Nullable JobFailure failure,
    int pageCount,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Instant expiresAt) {}
