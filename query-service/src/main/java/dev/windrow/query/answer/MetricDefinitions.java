package dev.windrow.query.answer;

import dev.windrow.query.question.MetricDefinition;
import dev.windrow.query.read.SelectMetricDefinitions;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The catalogue of metrics of one tenant. It is read when a question names one of them, in a
 * snapshot of its own: a version that is there never changes.
 */
public final class MetricDefinitions {
  private final SnapshotReads reads;
  private final String tenant;

  public MetricDefinitions(SnapshotReads reads, String tenant) {
    this.reads = reads;
    this.tenant = tenant;
  }

  /** All of them, by name and version, or an error as callers may see it. */
  public Mono<List<MetricDefinition>> read(Duration timeLimit) {
    return reads
        .read(
            session ->
                SelectSnapshot.read(session, tenant, timeLimit)
                    .flatMap(facts -> SelectMetricDefinitions.read(session, facts.tenantId())))
        .onErrorMap(SqlFailures::translate);
  }
}
