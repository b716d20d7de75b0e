package dev.windrow.quickstart.testing;

import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.job.v1.JobServiceGrpc;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.runtime.config.Settings;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Both services on a database that stays behind, which keep everything. */
public record Services(IngestServer ingest, QueryServer query, Client writer, Client reader)
    implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 30;

  /** Both serve when this returns. */
  public static Services start(TestDatabase database) throws IOException {
    Map<String, String> settings = database.settings();
    settings.put("WINDROW_JOB_LEASE", "PT1S");
    QueryServer query = new QueryServer(QueryConfig.from(new Settings(Map.copyOf(settings))));
    settings.put("WINDROW_MAX_EVENT_AGE", "P45000D");
    settings.put("WINDROW_RETENTION_RAW", "PT0S");
    settings.put("WINDROW_RETENTION_MINUTE", "PT0S");
    settings.put("WINDROW_RETENTION_HOUR", "PT0S");
    settings.put("WINDROW_VERIFY_PERCENT", "0");
    IngestServer ingest = new IngestServer(IngestConfig.from(new Settings(settings)));
    ingest.start();
    query.start();
    return new Services(ingest, query, Client.of(ingest), Client.of(query));
  }

  public IngestServiceGrpc.IngestServiceBlockingStub append() {
    return IngestServiceGrpc.newBlockingStub(writer.channel())
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  public QueryServiceGrpc.QueryServiceBlockingStub ask() {
    return QueryServiceGrpc.newBlockingStub(reader.channel())
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  public JobServiceGrpc.JobServiceBlockingStub jobs() {
    return JobServiceGrpc.newBlockingStub(reader.channel())
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    reader.close();
    writer.close();
    query.close();
    ingest.close();
  }
}
