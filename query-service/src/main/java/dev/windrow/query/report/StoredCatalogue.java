package dev.windrow.query.report;

import dev.windrow.query.question.MetricCatalog;
import dev.windrow.query.read.SelectMetricDefinitions;
import dev.windrow.query.read.SelectSnapshot;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * Reads the catalogue of one tenant, at each call: a report that was added runs at once, on every
 * replica.
 */
public final class StoredCatalogue {
  private final SnapshotReads reads;
  private final String tenant;

  public StoredCatalogue(SnapshotReads reads, String tenant) {
    this.reads = reads;
    this.tenant = tenant;
  }

  /** All of it, or an error as callers may see it. */
  public Mono<Catalogue> read(Duration timeLimit) {
    return reads
        .read(
            session ->
                SelectSnapshot.read(session, tenant, timeLimit)
                    .flatMap(facts -> read(session, facts.tenantId())))
        .onErrorMap(SqlFailures::translate);
  }

  /** All of it, in a session's transaction. */
  public static Mono<Catalogue> read(ReadSession session, int tenantId) {
    return SelectReports.read(session, tenantId)
        .flatMap(
            reports ->
                SelectMetricDefinitions.read(session, tenantId)
                    .flatMap(
                        metrics ->
                            SelectFeatureFlags.read(session, tenantId)
                                .map(
                                    flags ->
                                        new Catalogue(
                                            reports, new MetricCatalog(metrics), flags))));
  }
}
