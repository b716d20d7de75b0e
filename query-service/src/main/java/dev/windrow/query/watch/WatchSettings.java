package dev.windrow.query.watch;

import dev.windrow.runtime.config.Settings;
import java.time.Duration;

/**
 * The bounds of watching.
 *
 * @param poll the longest time between looks for changes; notifications bring the next one forward
 * @param heartbeat the longest silence of a stream whose client reads; 0 for any
 * @param maxWatches different questions at once
 * @param maxWatchers streams at once
 * @param connections to the database that watched questions are read by
 */
public record WatchSettings(
    Duration poll, Duration heartbeat, int maxWatches, int maxWatchers, int connections) {
  private static final int MOST = 1_000_000;
  private static final int MOST_CONNECTIONS = 1_000;

  public static WatchSettings from(Settings settings) {
    return new WatchSettings(
        settings.duration("WINDROW_WATCH_POLL", Duration.ofSeconds(1), Duration.ofMillis(50)),
        settings.duration("WINDROW_WATCH_HEARTBEAT", Duration.ofSeconds(10)),
        settings.integer("WINDROW_MAX_WATCHES", 200, 1, MOST),
        settings.integer("WINDROW_MAX_WATCHERS", 10_000, 1, MOST),
        settings.integer("WINDROW_WATCH_POOL_SIZE", 4, 1, MOST_CONNECTIONS));
  }
}
