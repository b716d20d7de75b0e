package dev.windrow.runtime.job;

import dev.windrow.runtime.config.Settings;
import java.time.Duration;

/**
 * The bounds of jobs.
 *
 * @param slots how many run at once in this process; 0 for none
 * @param perClient how many run at once of one client, over all processes
 * @param maxPending how many may wait, over all clients
 * @param lease after how long without a sign of life a worker is taken for dead
 * @param keep how long a job is remembered after its end, with its result
 * @param maxResultBytes of the pages of one job
 */
public record JobSettings(
    int slots, int perClient, int maxPending, Duration lease, Duration keep, long maxResultBytes) {
  private static final int MOST = 1_000;
  private static final int DEFAULT_SLOTS = 2;
  private static final int DEFAULT_PER_CLIENT = 2;
  private static final int DEFAULT_PENDING = 1_000;
  private static final int MAX_PENDING = 1_000_000;
  private static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);
  private static final Duration SHORTEST_LEASE = Duration.ofSeconds(1);
  private static final Duration DEFAULT_KEEP = Duration.ofDays(1);
  private static final long DEFAULT_RESULT = 10L << 30;
  private static final Duration SHORTEST_KEEP = Duration.ofSeconds(1);

  public static JobSettings from(Settings settings) {
    return new JobSettings(
        settings.integer("WINDROW_JOB_SLOTS", DEFAULT_SLOTS, 0, MOST),
        settings.integer("WINDROW_JOB_PER_CLIENT", DEFAULT_PER_CLIENT, 1, MOST),
        settings.integer("WINDROW_JOB_MAX_PENDING", DEFAULT_PENDING, 1, MAX_PENDING),
        settings.duration("WINDROW_JOB_LEASE", DEFAULT_LEASE, SHORTEST_LEASE),
        settings.duration("WINDROW_JOB_KEEP", DEFAULT_KEEP, SHORTEST_KEEP),
        settings.number("WINDROW_JOB_MAX_RESULT_BYTES", DEFAULT_RESULT, 1 << 20, Long.MAX_VALUE));
  }
}
