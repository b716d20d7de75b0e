package dev.windrow.ingest.metrics;

/**
 * The names of all metrics of this service, as Micrometer takes them: in Prometheus dots are
 * underscores, counters end in {@code _total}, and what has a unit ends in it.
 */
final class MetricNames {
  static final String DELTA_ROWS = "windrow.delta.rows";
  static final String UNFOLDED_EVENTS = "windrow.unfolded.events";
  static final String COMPACTION_LAG = "windrow.compaction.lag";
  static final String JOBS_OPEN = "windrow.jobs.open";

  static final String COMPACTION_STEP = "windrow.compaction.step";
  static final String COMPACTION_DELTAS = "windrow.compaction.deltas";
  static final String COMPACTION_CARRIED = "windrow.compaction.carried.batches";
  static final String COMPACTION_BUCKETS = "windrow.compaction.buckets";

  static final String UPKEEP_ROUNDS = "windrow.upkeep.rounds";
  static final String UPKEEP_FAILURES = "windrow.upkeep.failures";
  static final String UPKEEP_ACTIVE = "windrow.upkeep.active";
  static final String UPKEEP_LAST_SUCCESS = "windrow.upkeep.last.success.timestamp";

  static final String VERIFICATION = "windrow.verification";
  static final String VERIFICATION_MISSES = "windrow.verification.misses";
  static final String VERIFICATION_LAG = "windrow.verification.lag";
  static final String VERIFICATION_LAST_SUCCESS = "windrow.verification.last.success.timestamp";
  static final String DRIFT_ROWS = "windrow.verification.drift.rows";
  static final String DRIFT_DAYS = "windrow.verification.drift.days";
  static final String INCOMPLETE_ROWS = "windrow.verification.incomplete.rows";
  static final String VERIFIED_DAYS = "windrow.verification.verified.days";
  static final String UNVERIFIED_DAYS = "windrow.verification.unverified.days";

  // Labels.
  static final String TASK = "task";
  static final String KIND = "kind";
  static final String STATE = "state";
  static final String REASON = "reason";

  static final String SECONDS = "seconds";

  private MetricNames() {}
}
