package dev.windrow.query;

import dev.windrow.query.answer.Answerer;
import dev.windrow.query.answer.MetricDefinitions;
import dev.windrow.query.grpc.EventCalls;
import dev.windrow.query.grpc.QueryGrpcService;
import dev.windrow.query.grpc.ReportCalls;
import dev.windrow.query.grpc.SummaryCalls;
import dev.windrow.query.health.HealthReader;
import dev.windrow.query.latest.LatestAnswerer;
import dev.windrow.query.listing.EventLister;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.report.ReportReader;
import dev.windrow.query.report.Reports;
import dev.windrow.query.report.StoredCatalogue;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.runtime.grpc.GrpcServer;
import dev.windrow.runtime.grpc.MalformedRequests;
import dev.windrow.runtime.grpc.UnreadResponses;
import dev.windrow.runtime.lifecycle.Service;
import dev.windrow.runtime.sql.ReadPool;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.telemetry.Telemetry;
import io.r2dbc.pool.ConnectionPool;
import java.io.IOException;

/**
 * The query service: its parts, built in the order of their dependencies and closed in reverse. The
 * database may be away when it starts; calls are then answered with UNAVAILABLE, and health checks
 * with NOT_SERVING, until it is there.
 */
public final class QueryServer implements Service {
  // Responses lie in memory beside the heap, which by default may be as much as the heap.
  private static final long MAX_UNREAD = Runtime.getRuntime().maxMemory() / 4;

  private final Telemetry telemetry;
  private final ConnectionPool pool;
  // Apart from the other, so that many long questions do not look like a database that is away.
  private final ConnectionPool readinessPool;
  private final Watching watching;
  private final Working working;
  private final GrpcServer server;
  private final Readiness readiness;

  /** Composes the parts; opens nothing. */
  public QueryServer(QueryConfig config) {
    telemetry =
        new Telemetry(config.telemetry(), config.instance(), "query-service", QueryServer.class);
    pool = ReadPool.of(config.database().connectionFactory("windrow-query"), config.poolSize());
    SnapshotReads snapshots = new SnapshotReads(pool);
    TenantReads reads = TenantReads.of(snapshots, config.limits(), config.tenant());
    SegmentCache cache = SegmentCache.of(config.segmentCacheBytes(), SegmentCache.LEAST_ROWS);
    watching = new Watching(config, reads, cache);
    Answerer answerer = new Answerer(reads, cache);
    MetricDefinitions definitions = new MetricDefinitions(snapshots, config.tenant());
    SummaryCalls summaries = new SummaryCalls(answerer, definitions, config.instance());
    working = new Working(config, reads, summaries);
    QueryGrpcService service =
        new QueryGrpcService(
            answerer,
            summaries,
            working.calls()::answerLater,
            definitions,
            new EventCalls(new EventLister(snapshots, config.tenant()), config.instance()),
            watching.calls(),
            reports(config, reads, answerer),
            new LatestAnswerer(reads),
            config.instance(),
            config.maxQueryTime());
    server =
        new GrpcServer(
            config.server(),
            UnreadResponses.bounded(MAX_UNREAD, service, working.calls(), working.catalog())
                .map(MalformedRequests::refusedBy)
                .toList());
    readinessPool = ReadPool.of(config.database().connectionFactory("windrow-query-readiness"), 1);
    readiness =
        new Readiness(new SnapshotReads(readinessPool), config.tenant(), server::setServing);
  }

  private static ReportCalls reports(QueryConfig config, TenantReads reads, Answerer answerer) {
    HealthReader health = new HealthReader(reads);
    ReportReader reader = new ReportReader(answerer, health, reads.snapshots());
    return new ReportCalls(
        new StoredCatalogue(reads.snapshots(), config.tenant()),
        new Reports(reader, config.reportCacheBytes(), config.maxQueryTime()),
        config.instance());
  }

  @Override
  public void start() throws IOException {
    telemetry.start();
    server.start();
    readiness.start();
    working.start();
  }

  @Override
  public int port() {
    return server.port();
  }

  /** How many times a watched question has been read. */
  long watchedQuestionsRead() {
    return watching.questionsRead();
  }

  @Override
  public void close() {
    readiness.close();
    server.setServing(false);
    watching.drain();
    working.drain();
    server.close();
    watching.close();
    working.close();
    ReadPool.close(readinessPool);
    ReadPool.close(pool);
    telemetry.close();
  }
}
