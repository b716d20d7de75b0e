package dev.windrow.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.windrow.event.v1.Event;
import dev.windrow.ingest.IngestConfig;
import dev.windrow.ingest.IngestServer;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.ingest.v1.IngestServiceGrpc;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.query.QueryConfig;
import dev.windrow.query.QueryServer;
import dev.windrow.query.v1.QueryServiceGrpc;
import dev.windrow.query.v1.SummarizeRequest;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.query.v1.WatchSummaryRequest;
import dev.windrow.query.v1.WatchSummaryResponse;
import dev.windrow.runtime.config.Settings;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * An append of the one service wakes a watch of the other, which by itself would look in an hour.
 */
class AnnouncedAppendsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long NEW_YEAR = 978_307_200L;
  private static final int APPENDS = 20;

  @Test
  void append_isPushedToWhoWatches() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      Map<String, String> settings = database.settings();
      Map<String, String> importing = new HashMap<>(settings);
      importing.put("WINDROW_MAX_EVENT_AGE", "P36500D");
      importing.put("WINDROW_RETENTION_RAW", "PT0S");
      importing.put("WINDROW_RETENTION_MINUTE", "PT0S");
      importing.put("WINDROW_RETENTION_HOUR", "PT0S");
      IngestServer ingest = new IngestServer(IngestConfig.from(new Settings(importing)));
      settings.put("WINDROW_WATCH_POLL", "PT1H");
      QueryServer query = new QueryServer(QueryConfig.from(new Settings(settings)));
      try (ingest;
          query) {
        ingest.start();
        query.start();
        pushesFollowAppends(database, ingest.port(), query.port());
      }
    }
  }

  private static void pushesFollowAppends(TestDatabase database, int ingestPort, int queryPort) {
    ManagedChannel ingest = channel(ingestPort);
    ManagedChannel query = channel(queryPort);
    try {
      List<Long> counts = watch(query);
      await().atMost(PATIENCE).until(() -> counts.equals(List.of(0L)) && isListening(database));
      for (int i = 1; i <= APPENDS; i++) {
        append(ingest);
        long count = i;
        await().atMost(PATIENCE).until(() -> counts.get(counts.size() - 1) == count);
      }
      assertThat(counts).hasSize(APPENDS + 1);
    } finally {
      ingest.shutdownNow();
      query.shutdownNow();
    }
  }

  private static boolean isListening(TestDatabase database) throws Exception {
    try (var connection = database.connect();
        var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    + " AND application_name = 'windrow-query-listen' AND query LIKE 'LISTEN %'"
                    + " AND state = 'idle'")) {
      row.next();
      return row.getLong(1) == 1;
    }
  }

  private static List<Long> watch(ManagedChannel channel) {
    List<Long> counts = new CopyOnWriteArrayList<>();
    var request =
        WatchSummaryRequest.newBuilder()
            .setQuestion(
                SummarizeRequest.newBuilder()
                    .setWindow(
                        TimeWindow.newBuilder()
                            .setStartTime(Timestamp.newBuilder().setSeconds(NEW_YEAR))
                            .setEndTime(Timestamp.newBuilder().setSeconds(NEW_YEAR + 86_400))))
            .setMaxPushesPerSecond(10)
            .build();
    QueryServiceGrpc.newStub(channel)
        .watchSummary(
            request,
            new StreamObserver<>() {
              @Override
              public void onNext(WatchSummaryResponse message) {
                if (message.hasAnswer()) {
                  counts.add(message.getAnswer().getRows(0).getValues(0).getInteger());
                }
              }

              @Override
              public void onError(Throwable error) {
                counts.add(-1L);
              }

              @Override
              public void onCompleted() {
                counts.add(-1L);
              }
            });
    return counts;
  }

  private static void append(ManagedChannel channel) {
    IngestServiceGrpc.newBlockingStub(channel)
        .withWaitForReady()
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .append(
            AppendRequest.newBuilder()
                .addEvents(
                    Event.newBuilder()
                        .setOccurredAt(Timestamp.newBuilder().setSeconds(NEW_YEAR + 60))
                        .setSource("s")
                        .setType("t")
                        .setEntityId("e"))
                .build());
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
  }
}
