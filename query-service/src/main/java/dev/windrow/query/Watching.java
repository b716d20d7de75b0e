package dev.windrow.query;

import dev.windrow.query.answer.Answerer;
import dev.windrow.query.grpc.WatchSummaries;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.query.v1.SummarizeResponse;
import dev.windrow.query.watch.AppendSignals;
import dev.windrow.query.watch.DatabaseReads;
import dev.windrow.query.watch.Watches;
import dev.windrow.runtime.sql.DatabaseSettings;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.SnapshotReads;
import io.r2dbc.pool.ConnectionPool;

/**
 * The parts of watched questions. Their connections are apart from those of calls: neither waits
 * for the other.
 */
final class Watching implements AutoCloseable {
  private final ConnectionPool questions;
  private final ConnectionPool looks;
  private final Watches<SummarizeResponse> watches;
  private final WatchSummaries calls;

  /**
   * Composes the parts; opens nothing.
   *
   * @param store as calls read it
   * @param cache likewise
   */
  Watching(QueryConfig config, TenantReads store, SegmentCache cache) {
    DatabaseSettings database = config.database();
    questions =
        ReadPool.of(
            database.connectionFactory("windrow-query-watch"), config.watching().connections());
    looks = ReadPool.of(database.connectionFactory("windrow-query-changes"), 1);
    SnapshotReads reads = new SnapshotReads(questions);
    watches =
        new Watches<>(
            config.watching(),
            new DatabaseReads<>(
                new Answerer(store.on(reads), cache),
                reads,
                new SnapshotReads(looks),
                config.tenant(),
                config.maxQueryTime(),
                WatchSummaries.answers(config.instance()),
                WatchSummaries::sameRows),
            new AppendSignals(database.connectionFactory("windrow-query-listen"), config.tenant()));
    calls = new WatchSummaries(watches, config.watching().heartbeat());
  }

  WatchSummaries calls() {
    return calls;
  }

  long questionsRead() {
    return watches.questionsRead();
  }

  /** Ends the streams, and those that are still to come, in their own words. */
  void drain() {
    calls.drain();
  }

  @Override
  public void close() {
    watches.close();
    ReadPool.close(looks);
    questions.dispose();
  }
}
