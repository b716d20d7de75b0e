package dev.windrow.ingest.flush;

import dev.windrow.ingest.announce.Announcer;
import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.unfolded.Handover;
import dev.windrow.rollup.Grain;
import dev.windrow.runtime.config.Instance;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * What all flushes of a process share.
 *
 * @param written told of every flush
 * @param announcer told of every commit
 * @param timeout after which a flush is given up and its connection closed
 * @param runEvents from how many events on those of a flush and a day are written as a run
 * @param dispensable grains that are not kept longer than events
 * @param handover where lanes leave what they carry
 */
public record FlushContext(
    int tenantId,
    Instance instance,
    Registry registry,
    Written written,
    Announcer announcer,
    Clock clock,
    Duration timeout,
    int runEvents,
    Set<Grain> dispensable,
    Handover handover) {}
