package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.Registry;
import dev.windrow.runtime.config.Instance;
import java.time.Clock;
import java.time.Duration;

/**
 * What all flushes of a process share.
 *
 * @param timeout after which a flush is given up and its connection closed
 */
public record FlushContext(
    int tenantId, Instance instance, Registry registry, Clock clock, Duration timeout) {}
