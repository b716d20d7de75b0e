package dev.windrow.ingest;

import dev.windrow.ingest.lane.LaneSettings;
import dev.windrow.ingest.retention.RetentionSettings;
import dev.windrow.ingest.unfolded.UnfoldedBounds;
import dev.windrow.ingest.verification.VerificationSettings;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.grpc.GrpcServerSettings;
import dev.windrow.runtime.job.JobSettings;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.telemetry.TelemetrySettings;
import java.time.Duration;

/**
 * All settings of the service.
 *
 * @param telemetry where metrics are told
 * @param metricsPause between looks at what waits, for metrics
 * @param tenant whose events are taken
 * @param lanes how many
 * @param lane the bounds of each
 * @param maxInFlightBytes of all requests that are not answered yet; what waits for room has as
 *     much again
 * @param lightBytes in flight, up to which a client takes the express lane
 * @param maxEventAge how long ago an event may have happened
 * @param maxEventFuture how far ahead of this server's clock
 * @param overloadWait how long a stream waits for room before it is told so
 * @param streamHeartbeat the longest silence of an append stream; 0 for any
 * @param flushTimeout after which a flush is given up
 * @param runEvents from how many events on those of a flush and a day are written as a run
 * @param unfolded how much of the delta each lane may leave unfolded, in events and in time
 * @param compactionPause between rounds of compaction
 * @param compactionRows delta rows in one step of compaction
 * @param sealQuiet how long a day that is over must rest before it is sealed; 0 for never
 * @param retention how long what is kept
 * @param verification how much is verified
 */
public record IngestConfig(
    GrpcServerSettings grpc,
    DatabaseSettings database,
    Instance instance,
    TelemetrySettings telemetry,
    Duration metricsPause,
    String tenant,
    int lanes,
    LaneSettings lane,
    long maxInFlightBytes,
    long lightBytes,
    Duration maxEventAge,
    Duration maxEventFuture,
    Duration overloadWait,
    Duration streamHeartbeat,
    Duration flushTimeout,
    int runEvents,
    UnfoldedBounds unfolded,
    Duration compactionPause,
    int compactionRows,
    Duration sealQuiet,
    RetentionSettings retention,
    VerificationSettings verification,
    JobSettings jobs) {
  // Where exporters for Prometheus listen by custom; query-service has the next one.
  private static final int DEFAULT_METRICS_PORT = 9464;
  private static final int MIB = 1 << 20;
  // With fewer, two lanes flush twice as often, fold the same keys twice, and store no more (ADR
  // 30).
  private static final int PROCESSORS_FOR_TWO_LANES = 3;

  /** Reads and checks everything. */
  public static IngestConfig from(Settings settings) {
    int lanes = lanes(settings.integer("WINDROW_LANES", 0, 0, 64));
    IngestConfig config =
        new IngestConfig(
            GrpcServerSettings.from(settings, 50051, 4 * MIB, 0),
            DatabaseSettings.from(settings),
            Instance.from(settings),
            TelemetrySettings.from(settings, DEFAULT_METRICS_PORT),
            settings.duration(
                "WINDROW_METRICS_PAUSE", Duration.ofSeconds(5), Duration.ofMillis(10)),
            settings.text("WINDROW_TENANT", "default"),
            lanes,
            new LaneSettings(
                settings.integer("WINDROW_LANE_REQUESTS", 4096, 1, 1 << 20),
                settings.number("WINDROW_LANE_BYTES", 128L * MIB, 1024, 1L << 40),
                settings.integer("WINDROW_FLUSH_EVENTS", 50_000, 1, 1_000_000),
                settings.number("WINDROW_FLUSH_BYTES", 16L * MIB, 1024, 1L << 30),
                settings.duration("WINDROW_FLUSH_INTERVAL", Duration.ofMillis(20))),
            settings.number("WINDROW_IN_FLIGHT_BYTES", 128L * MIB, 1024, 1L << 40),
            settings.number("WINDROW_LIGHT_BYTES", 64L << 10, 0, 1L << 30),
            settings.duration("WINDROW_MAX_EVENT_AGE", Duration.ofDays(3650)),
            settings.duration("WINDROW_MAX_EVENT_FUTURE", Duration.ofMinutes(10)),
            settings.duration("WINDROW_OVERLOAD_WAIT", Duration.ofSeconds(5)),
            settings.duration("WINDROW_STREAM_HEARTBEAT", Duration.ofSeconds(10)),
            settings.duration("WINDROW_FLUSH_TIMEOUT", Duration.ofSeconds(30)),
            settings.integer("WINDROW_RUN_EVENTS", 1_000, 1, 1 << 20),
            new UnfoldedBounds(
                settings.integer("WINDROW_UNFOLDED_EVENTS", 1_000_000, 1, 100_000_000),
                settings.duration("WINDROW_UNFOLDED_TIME", Duration.ofSeconds(5))),
            settings.duration("WINDROW_COMPACTION_PAUSE", Duration.ofMillis(100)),
            settings.integer("WINDROW_COMPACTION_ROWS", 50_000, 1, 1_000_000),
            settings.duration("WINDROW_SEAL_QUIET", Duration.ofMinutes(10)),
            RetentionSettings.from(settings),
            VerificationSettings.from(settings),
            JobSettings.from(settings));
    settings.check();
    return config;
  }

  private static int lanes(int wanted) {
    if (wanted > 0) {
      return wanted;
    }
    return Runtime.getRuntime().availableProcessors() < PROCESSORS_FOR_TWO_LANES ? 1 : 2;
  }

  /** How long ago an event may have happened, with what retention leaves. */
  Duration takenAge() {
    Duration kept = retention.raw();
    return kept.isZero() || kept.compareTo(maxEventAge) > 0 ? maxEventAge : kept;
  }
}
