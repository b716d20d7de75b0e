package dev.windrow.ingest.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * All metrics of this service, there from its start, whether the database is or not. Labels have
 * values of closed sets alone.
 */
public final class IngestMetrics {
  private final CompactionMetrics compaction;
  private final BacklogMetrics backlog;
  private final VerificationMetrics verification;
  private final Map<UpkeepTask, UpkeepMetrics> upkeep = new EnumMap<>(UpkeepTask.class);

  /**
   * Declares them.
   *
   * @param jobKinds of which jobs are counted
   */
  public IngestMetrics(MeterRegistry registry, Set<String> jobKinds) {
    compaction = new CompactionMetrics(registry);
    backlog = new BacklogMetrics(registry, jobKinds);
    verification = new VerificationMetrics(registry);
    for (UpkeepTask task : UpkeepTask.values()) {
      upkeep.put(task, new UpkeepMetrics(registry, task));
    }
  }

  public CompactionMetrics compaction() {
    return compaction;
  }

  public BacklogMetrics backlog() {
    return backlog;
  }

  public VerificationMetrics verification() {
    return verification;
  }

  public UpkeepMetrics upkeep(UpkeepTask task) {
    return Objects.requireNonNull(upkeep.get(task));
  }
}
