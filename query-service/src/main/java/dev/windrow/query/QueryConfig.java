package dev.windrow.query;

import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.watch.WatchSettings;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.grpc.GrpcServerSettings;
import dev.windrow.runtime.job.JobSettings;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.telemetry.TelemetrySettings;
import java.time.Duration;

/**
 * The settings of this service.
 *
 * @param telemetry where metrics are told
 * @param poolSize how many snapshots are read at once
 * @param tenant whose events are asked about
 * @param segmentCacheBytes about how much memory may take what was read of parts of windows
 * @param reportCacheBytes about how much memory answers of reports may take that are kept
 * @param maxQueryTime of calls without a deadline, or with a later one
 * @param watching the bounds of watched questions
 * @param jobs their bounds
 * @param jobLimits as {@code limits}, for one question that a job answers
 * @param maxJobTime of such a question
 */
public record QueryConfig(
    Instance instance,
    TelemetrySettings telemetry,
    GrpcServerSettings server,
    DatabaseSettings database,
    int poolSize,
    String tenant,
    ReadLimits limits,
    long segmentCacheBytes,
    long reportCacheBytes,
    Duration maxQueryTime,
    WatchSettings watching,
    JobSettings jobs,
    ReadLimits jobLimits,
    Duration maxJobTime) {
  public static final int DEFAULT_PORT = 50052;
  private static final int DEFAULT_METRICS_PORT = 9465;
  private static final int MAX_MESSAGE_BYTES = 1 << 20;
  private static final int DEFAULT_POOL_SIZE = 10;
  private static final int MAX_POOL_SIZE = 1_000;
  private static final long DEFAULT_SEGMENT_CACHE_BYTES = 64L << 20;
  private static final long DEFAULT_REPORT_CACHE_BYTES = 32L << 20;
  private static final Duration DEFAULT_QUERY_TIME = Duration.ofSeconds(30);
  private static final long DEFAULT_JOB_ROWS = 1_000_000_000;
  private static final Duration DEFAULT_JOB_TIME = Duration.ofHours(1);
  private static final Duration SHORTEST_JOB_TIME = Duration.ofSeconds(1);

  /** Reads and checks all settings; what is wrong with them is reported together. */
  public static QueryConfig from(Settings settings) {
    QueryConfig config =
        new QueryConfig(
            Instance.from(settings),
            TelemetrySettings.from(settings, DEFAULT_METRICS_PORT),
            GrpcServerSettings.from(
                settings,
                DEFAULT_PORT,
                MAX_MESSAGE_BYTES,
                Runtime.getRuntime().availableProcessors()),
            DatabaseSettings.from(settings),
            settings.integer("WINDROW_DB_POOL_SIZE", DEFAULT_POOL_SIZE, 1, MAX_POOL_SIZE),
            settings.text("WINDROW_TENANT", "default"),
            new ReadLimits(
                settings.number(
                    "WINDROW_MAX_RAW_ROWS", ReadLimits.DEFAULT_MAX_RAW_ROWS, 0, Integer.MAX_VALUE),
                settings.integer(
                    "WINDROW_MAX_GROUPS", ReadLimits.DEFAULT_MAX_GROUPS, 1, Integer.MAX_VALUE),
                settings.number(
                    "WINDROW_MAX_QUESTION_COST", ReadLimits.DEFAULT_MAX_COST, 1, Long.MAX_VALUE)),
            settings.number(
                "WINDROW_SEGMENT_CACHE_BYTES", DEFAULT_SEGMENT_CACHE_BYTES, 0, Long.MAX_VALUE),
            settings.number(
                "WINDROW_REPORT_CACHE_BYTES", DEFAULT_REPORT_CACHE_BYTES, 0, Long.MAX_VALUE),
            settings.duration("WINDROW_MAX_QUERY_TIME", DEFAULT_QUERY_TIME),
            WatchSettings.from(settings),
            JobSettings.from(settings),
            new ReadLimits(
                settings.number("WINDROW_JOB_MAX_RAW_ROWS", DEFAULT_JOB_ROWS, 0, Long.MAX_VALUE),
                settings.integer(
                    "WINDROW_JOB_MAX_GROUPS", ReadLimits.DEFAULT_MAX_GROUPS, 1, Integer.MAX_VALUE),
                settings.number("WINDROW_JOB_MAX_COST", DEFAULT_JOB_ROWS, 1, Long.MAX_VALUE)),
            settings.duration("WINDROW_JOB_MAX_TIME", DEFAULT_JOB_TIME, SHORTEST_JOB_TIME));
    settings.check();
    return config;
  }
}
