package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.testing.Connections;
import dev.windrow.ingest.v1.AppendRequest;
import dev.windrow.migrations.testing.TestDatabase;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What reads rows for one does not keep another waiting. */
class EventLoopsIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MANY = 8;

  @Test
  void connections_spreadOverMoreThanTwoLoops() throws Exception {
    TestDatabase database = TestDatabase.create();
    Set<String> loops = new HashSet<>();
    List<PostgresqlConnection> open = new ArrayList<>();
    try {
      for (int i = 0; i < MANY; i++) {
        PostgresqlConnection connection = Connections.open(database);
        open.add(connection);
        loops.add(loopOf(connection));
      }
    } finally {
      open.forEach(connection -> connection.close().block(LONG));
    }

    assertThat(loops).hasSizeGreaterThan(2);
  }

  private static String loopOf(PostgresqlConnection connection) {
    return Objects.requireNonNull(
        connection
            .createStatement("SELECT 1")
            .execute()
            .flatMap(result -> result.map((row, metadata) -> Thread.currentThread().getName()))
            .blockFirst(LONG));
  }

  @Test
  void lane_hasALoopOfItsOwn_whichEndsWithIt() throws Exception {
    TestDatabase database = TestDatabase.create();
    awaitNoLaneLoops();
    try (IngestHarness harness =
        IngestHarness.startOn(database, IngestHarness.settings(database))) {
      harness.awaitServing();
      harness
          .stub()
          .append(
              AppendRequest.newBuilder()
                  .addEvents(IngestHarness.event("2001-01-01T00:00:00Z"))
                  .build());

      assertThat(laneLoops()).hasSize(1);
    }
    awaitNoLaneLoops();
  }

  private static void awaitNoLaneLoops() throws InterruptedException {
    for (Thread loop : laneLoops()) {
      loop.join(LONG.toMillis());
    }
    assertThat(laneLoops()).isEmpty();
  }

  private static List<Thread> laneLoops() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("lane-\\d+-sql-.*"))
        .toList();
  }
}
