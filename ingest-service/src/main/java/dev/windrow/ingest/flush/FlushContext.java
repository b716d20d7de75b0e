package dev.windrow.ingest.flush;

import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.catalog.WrittenDays;
import dev.windrow.runtime.config.Instance;
import java.time.Clock;
import java.time.Duration;

/**
 * What all flushes of a process share.
 *
 * @param written told the days of every flush
 * @param timeout after which a flush is given up and its connection closed
 * @param runEvents from how many events on those of a flush and a day are written as a run
 * @param unfolded how much of the delta a lane may leave unfolded
 */
public record FlushContext(
    int tenantId,
    Instance instance,
    Registry registry,
    WrittenDays written,
    Clock clock,
    Duration timeout,
    int runEvents,
    UnfoldedBounds unfolded) {}
