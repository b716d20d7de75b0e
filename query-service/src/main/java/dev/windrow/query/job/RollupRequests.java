package dev.windrow.query.job;

import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.RetireRollupJob;
import dev.windrow.query.v1.Tier;
import dev.windrow.rollup.Dimension;
import dev.windrow.runtime.error.Failure;
import java.util.HashSet;
import java.util.Set;

/** Checks what is wanted of rollups; what is wrong with it is an error that names the field. */
final class RollupRequests {
  private static final int MAX_DIMENSIONS = 8;
  private static final int MAX_NAME = 200;

  private RollupRequests() {}

  static void check(CreateRollupJob wanted) {
    int count = wanted.getDimensionsCount();
    if (count == 0 || count > MAX_DIMENSIONS) {
      throw invalid("create_rollup.dimensions", "must be 1 to 8, got " + count);
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      String field = "create_rollup.dimensions[" + i + "]";
      String name = wanted.getDimensions(i);
      try {
        Dimension.parse(name);
      } catch (IllegalArgumentException e) {
        throw invalid(
            field,
            "must be type, source, status, entity_id or attributes.NAME, got '" + name + "'");
      }
      if (!seen.add(name)) {
        throw invalid(field, "each dimension once, got " + name + " again");
      }
    }
    checkName("create_rollup.rollup", wanted.getRollup());
    Tier finest = wanted.getFinestGrain();
    if (finest == Tier.TIER_RAW || finest == Tier.UNRECOGNIZED) {
      throw invalid("create_rollup.finest_grain", "must be TIER_MINUTE, TIER_HOUR or TIER_DAY");
    }
  }

  static void check(RetireRollupJob wanted) {
    if (wanted.getRollup().isEmpty()) {
      throw invalid("retire_rollup.rollup", "is required");
    }
    checkName("retire_rollup.rollup", wanted.getRollup());
  }

  private static void checkName(String field, String name) {
    if (name.length() > MAX_NAME || (name.isBlank() && !name.isEmpty())) {
      throw invalid(field, "must be up to 200 characters, and not only spaces");
    }
  }

  private static RuntimeException invalid(String field, String rule) {
    return Failure.invalid("spec." + field, rule).toException();
  }
}
