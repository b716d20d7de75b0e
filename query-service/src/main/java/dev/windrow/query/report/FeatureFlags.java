package dev.windrow.query.report;

import dev.windrow.query.plan.Serving;
import java.util.List;

/** How reports are served, as it is set. */
public record FeatureFlags(List<Setting> settings) {
  /** What a flag switches. */
  public enum Flag {
    /** Whether rollups may tell an answer. */
    ROLLUPS,
    /** Whether what has not been compacted yet is read. */
    LIVE_DELTA
  }

  /**
   * A flag that is set.
   *
   * @param report of which; empty for all that have no setting of their own
   * @param updatedMicros since when, in microseconds
   */
  public record Setting(Flag flag, String report, boolean enabled, long updatedMicros) {}

  public FeatureFlags {
    settings = List.copyOf(settings);
  }

  /** How a report is served. */
  public Serving of(String report) {
    return new Serving(isEnabled(Flag.ROLLUPS, report), isEnabled(Flag.LIVE_DELTA, report));
  }

  private boolean isEnabled(Flag flag, String report) {
    boolean enabled = true;
    for (Setting setting : settings) {
      if (setting.flag() == flag && setting.report().equals(report)) {
        return setting.enabled();
      }
      if (setting.flag() == flag && setting.report().isEmpty()) {
        enabled = setting.enabled();
      }
    }
    return enabled;
  }
}
