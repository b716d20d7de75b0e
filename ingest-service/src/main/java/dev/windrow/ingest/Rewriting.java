package dev.windrow.ingest;

import dev.windrow.ingest.job.RewritingKinds;
import dev.windrow.runtime.job.JobSignals;
import dev.windrow.runtime.job.JobWorker;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.WriteTransactions;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.ConnectionFactory;
import reactor.core.scheduler.Scheduler;

/** The parts of jobs that rewrite what is stored, on connections of their own. */
final class Rewriting implements AutoCloseable {
  private static final int ROW_CONNECTIONS = 2;

  private final ConnectionPool rows;
  private final JobSignals signals;
  private final JobWorker worker;
  private final boolean works;

  /**
   * Composes the parts; opens nothing.
   *
   * @param thread where events are folded
   */
  Rewriting(IngestConfig config, int tenantId, Scheduler thread) {
    works = config.jobs().slots() > 0;
    rows = ReadPool.of(config.database().connectionFactory("windrow-ingest-jobs"), ROW_CONNECTIONS);
    signals = new JobSignals(config.database().connectionFactory("windrow-ingest-job-signals"));
    ConnectionFactory work = config.database().connectionFactory("windrow-ingest-work");
    worker =
        new JobWorker(
            new WriteTransactions(rows),
            config.tenant(),
            config.instance().instanceId(),
            config.jobs(),
            signals,
            RewritingKinds.of(
                work,
                tenantId,
                config.instance(),
                config.retention().keptNoLongerThanEvents(),
                thread));
  }

  void start() {
    if (works) {
      signals.start();
      worker.start();
    }
  }

  @Override
  public void close() {
    worker.close();
    signals.close();
    ReadPool.close(rows);
  }
}
