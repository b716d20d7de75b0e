package dev.windrow.query.catalog;

import dev.windrow.catalog.v1.FeatureFlag;
import dev.windrow.catalog.v1.FeatureFlagSetting;
import dev.windrow.query.grpc.Times;
import dev.windrow.query.report.FeatureFlags;
import dev.windrow.runtime.error.Failure;

/** Feature flags as the contract has them. */
final class FlagMessages {
  private FlagMessages() {}

  static FeatureFlagSetting of(FeatureFlags.Setting setting) {
    return FeatureFlagSetting.newBuilder()
        .setFlag(
            switch (setting.flag()) {
              case ROLLUPS -> FeatureFlag.FEATURE_FLAG_ROLLUPS;
              case LIVE_DELTA -> FeatureFlag.FEATURE_FLAG_LIVE_DELTA;
            })
        .setReport(setting.report())
        .setEnabled(setting.enabled())
        .setUpdateTime(Times.timestamp(setting.updatedMicros()))
        .build();
  }

  static FeatureFlags.Flag flag(FeatureFlag flag) {
    return switch (flag) {
      case FEATURE_FLAG_ROLLUPS -> FeatureFlags.Flag.ROLLUPS;
      case FEATURE_FLAG_LIVE_DELTA -> FeatureFlags.Flag.LIVE_DELTA;
      case FEATURE_FLAG_UNSPECIFIED, UNRECOGNIZED ->
          throw Failure.invalid("flag", "must be one of those declared").toException();
    };
  }
}
