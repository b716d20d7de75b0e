package dev.windrow.query.latest;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.plan.Horizons;
import dev.windrow.query.plan.WindowPlan;
import java.util.Optional;

/**
 * What is read, and as of when.
 *
 * @param plan a legal one of the question
 * @param after the place after which pairs are read, in the snapshot of whose first page; empty for
 *     all pairs in the snapshot that is read in
 * @param horizons from when on events are kept
 */
record LatestScope(
    int tenantId,
    WindowPlan plan,
    Filter filter,
    Optional<LatestPageToken> after,
    Horizons horizons) {}
