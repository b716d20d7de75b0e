package dev.windrow.query;

import dev.windrow.query.answer.Answerer;
import dev.windrow.query.answer.MetricDefinitions;
import dev.windrow.query.catalog.CatalogGrpcService;
import dev.windrow.query.grpc.EventCalls;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.job.CompareKind;
import dev.windrow.query.job.ExportKind;
import dev.windrow.query.job.JobGrpcService;
import dev.windrow.query.job.SummaryKind;
import dev.windrow.query.listing.EventLister;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.runtime.job.JobSignals;
import dev.windrow.runtime.job.JobWorker;
import dev.windrow.runtime.job.Jobs;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.WriteTransactions;
import io.r2dbc.pool.ConnectionPool;
import java.util.Set;

/**
 * The parts of jobs. Their connections are apart from those of calls: neither waits for the other.
 * Those on which jobs are claimed, leased and asked for are apart from those that jobs read on.
 */
final class Working implements AutoCloseable {
  private static final int ROW_CONNECTIONS = 4;

  private final ConnectionPool rows;
  private final ConnectionPool events;
  private final JobSignals signals;
  private final JobWorker worker;
  private final JobGrpcService calls;
  private final CatalogGrpcService catalog;
  private final boolean works;

  /**
   * Composes the parts; opens nothing.
   *
   * @param store as calls read it
   * @param checks what a question must be
   */
  Working(QueryConfig config, TenantReads store, SummaryCalls checks) {
    DatabaseSettings database = config.database();
    works = config.jobs().slots() > 0;
    rows = ReadPool.of(database.connectionFactory("windrow-query-jobs"), ROW_CONNECTIONS);
    events =
        ReadPool.of(
            database.connectionFactory("windrow-query-work"), Math.max(1, config.jobs().slots()));
    signals = new JobSignals(database.connectionFactory("windrow-query-job-signals"));
    WriteTransactions writes = new WriteTransactions(rows);
    SnapshotReads reads = new SnapshotReads(events);
    SummaryCalls summaries =
        new SummaryCalls(
            // What a job asks is long, and seldom asked again.
            new Answerer(store.on(reads).within(config.jobLimits()), SegmentCache.none()),
            new MetricDefinitions(reads, config.tenant()),
            config.instance());
    EventCalls listings =
        new EventCalls(new EventLister(reads, config.tenant()), config.instance());
    worker =
        new JobWorker(
            writes,
            config.tenant(),
            config.instance().instanceId(),
            config.jobs(),
            signals,
            Set.of(
                new SummaryKind(summaries, config.maxJobTime()),
                new CompareKind(summaries, config.maxJobTime()),
                new ExportKind(listings, config.maxQueryTime())));
    calls =
        new JobGrpcService(
            new Jobs(writes, config.tenant(), config.jobs(), signals),
            checks,
            config.maxQueryTime());
    catalog = new CatalogGrpcService(writes, config.tenant(), config.maxQueryTime());
  }

  JobGrpcService calls() {
    return calls;
  }

  /** The catalogue is changed on the connections of jobs: both are rare and short. */
  CatalogGrpcService catalog() {
    return catalog;
  }

  void start() {
    signals.start();
    if (works) {
      worker.start();
    }
  }

  /** Ends the streams, and those that are still to come, in their own words. */
  void drain() {
    calls.drain();
  }

  @Override
  public void close() {
    worker.close();
    signals.close();
    ReadPool.close(events);
    ReadPool.close(rows);
  }
}
