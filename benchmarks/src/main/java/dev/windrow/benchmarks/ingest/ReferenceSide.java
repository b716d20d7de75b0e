package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.BeforeTheClock;
import dev.windrow.benchmarks.harness.BenchPostgres;
import dev.windrow.benchmarks.harness.Sql;
import dev.windrow.benchmarks.harness.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * What PostgreSQL itself can do: binary COPY over two connections into one table, and nothing else.
 * The table has the columns of an event, a partition for each day, an index for the events of an
 * entity and one for times, as a team without Windrow would have it.
 */
final class ReferenceSide {
  private static final int CONNECTIONS = 2;
  private static final int ROWS_PER_COMMIT = 10_000;

  private static final String TABLE =
      """
      CREATE TABLE reference_events (
        tenant_id   integer          NOT NULL,
        occurred_at timestamptz      NOT NULL,
        batch_id    bigint           NOT NULL,
        batch_index integer          NOT NULL,
        source      text             NOT NULL,
        type        text             NOT NULL,
        entity_id   text             NOT NULL,
        status      text             NOT NULL,
        value       double precision,
        amount      bigint,
        attributes  jsonb,
        payload     jsonb,
        event_id    text
      ) PARTITION BY RANGE (occurred_at);
      CREATE INDEX ON reference_events (entity_id, occurred_at);
      CREATE INDEX ON reference_events USING brin (occurred_at);
      """;

  private static final String COPY =
      """
      COPY reference_events (tenant_id, occurred_at, batch_id, batch_index, source, type, entity_id,
                             status, value, amount, attributes, payload, event_id)
      FROM STDIN (FORMAT binary)
      """;

  private final BenchPostgres postgres;
  private final String database;
  private final Connection admin;
  private final Workload workload;

  ReferenceSide(BenchPostgres postgres, String database, Connection admin, Workload workload)
      throws SQLException {
    this.postgres = postgres;
    this.database = database;
    this.admin = admin;
    this.workload = workload;
    Sql.run(admin, TABLE);
  }

  /** Loads one round. */
  SideResult round(int seed, int events, Meter meter)
      throws SQLException, InterruptedException, ExecutionException {
    truncate();
    Instant now = Instant.now();
    makePartitions(now);
    List<byte[]> frames =
        CopyRows.encodeFrames(workload.events(seed, events, now), ROWS_PER_COMMIT);
    SideResult result = load(frames, meter);
    long rows = Sql.number(admin, "SELECT count(*) FROM reference_events");
    if (rows != events) {
      throw new IllegalStateException("reference: " + events + " sent, " + rows + " rows");
    }
    return result;
  }

  void truncate() throws SQLException {
    Sql.run(admin, "TRUNCATE reference_events");
  }

  private void makePartitions(Instant now) throws SQLException {
    for (LocalDate day : workload.days(now)) {
      Sql.run(
          admin,
          """
          CREATE TABLE IF NOT EXISTS reference_events_%s PARTITION OF reference_events
          FOR VALUES FROM ('%sT00:00:00Z') TO ('%sT00:00:00Z')
          """
              .formatted(DateTimeFormatter.BASIC_ISO_DATE.format(day), day, day.plusDays(1)));
    }
  }

  /**
   * How long a message of a load would take if all that was done with it were COPY: each connection
   * takes all that are due, and commits them together.
   */
  Latency latency(OpenLoop load, int seconds)
      throws SQLException, InterruptedException, ExecutionException {
    truncate();
    Instant now = Instant.now();
    makePartitions(now);
    DueMessages due = DueMessages.of(load, seconds, workload, now);
    try (Writers writers = new Writers()) {
      BeforeTheClock.settle(admin);
      due.begin();
      writers.run(
          connection -> {
            for (var next = due.take(); !next.isEmpty(); next = due.take()) {
              copy(connection, CopyRows.frame(next.rows()));
              due.written(next);
            }
          });
    }
    truncate();
    return due.latency();
  }

  private SideResult load(List<byte[]> frames, Meter meter)
      throws SQLException, InterruptedException, ExecutionException {
    try (Writers writers = new Writers()) {
      BeforeTheClock.settle(admin);
      Queue<byte[]> waiting = new ConcurrentLinkedQueue<>(frames);
      Meter.Usage start = meter.read();
      long begin = System.nanoTime();
      writers.run(
          connection -> {
            for (byte[] frame = waiting.poll(); frame != null; frame = waiting.poll()) {
              copy(connection, frame);
            }
          });
      double seconds = (System.nanoTime() - begin) / 1e9;
      return new SideResult(seconds, seconds, meter.read().since(start));
    }
  }

  // With autocommit each COPY is a transaction.
  private static void copy(Connection connection, byte[] frame) throws SQLException {
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY);
    copy.writeToCopy(frame, 0, frame.length);
    copy.endCopy();
  }

  /** What each connection is used for, on a thread of its own. */
  private interface Writing {
    void run(Connection connection) throws SQLException;
  }

  /** The connections and their threads. */
  private final class Writers implements AutoCloseable {
    private final List<Connection> connections = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);

    Writers() throws SQLException {
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(postgres.connect(database));
      }
    }

    void run(Writing writing) throws InterruptedException, ExecutionException {
      List<Future<?>> running = new ArrayList<>();
      for (Connection connection : connections) {
        running.add(
            threads.submit(
                () -> {
                  writing.run(connection);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }

    @Override
    public void close() throws SQLException {
      threads.shutdownNow();
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }
}
