package dev.windrow.runtime.telemetry;

import dev.windrow.runtime.config.Settings;

/**
 * Where metrics are told.
 *
 * @param port 0 for nowhere
 */
public record TelemetrySettings(int port) {
  static final String PORT = "WINDROW_METRICS_PORT";

  /**
   * Reads and checks them.
   *
   * @param defaultPort another one for each service, so that all of them can run on one machine
   */
  public static TelemetrySettings from(Settings settings, int defaultPort) {
    return new TelemetrySettings(settings.integer(PORT, defaultPort, 0, 65535));
  }

  /** Whether anybody can ask for them. */
  public boolean isOn() {
    return port != 0;
  }
}
