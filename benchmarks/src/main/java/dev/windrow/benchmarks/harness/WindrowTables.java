package dev.windrow.benchmarks.harness;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Looks at the service's work from the outside: whether it is done, and whether it is right. */
public final class WindrowTables {
  private static final long POLL_MILLIS = 20;
  private static final long STALL_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final String SETTLED =
      """
      SELECT NOT EXISTS (SELECT FROM rollup_deltas) AND NOT EXISTS (SELECT FROM unfolded_batches)
      """;

  private static final String SEALED =
      """
      SELECT NOT EXISTS (
        SELECT FROM pg_class runs
        WHERE relname ~ '^events_[0-9]{8}_runs$' AND NOT EXISTS (
          SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
          WHERE i.indrelid = runs.oid AND indisvalid AND amname = 'btree'))
      """;

  // Not coarse_spans: the service remembers them, and the next round has the same.
  private static final String TRUNCATE =
      """
      TRUNCATE events, rollup_deltas, rollup_buckets, ingest_batches, event_ids, unfolded_batches
      """;

  private static final String EVENTS_BY_ROLLUP =
      """
      SELECT r.name, coalesce(sum(b.event_count), 0)
      FROM rollups r
      LEFT JOIN rollup_buckets b ON b.tenant_id = r.tenant_id AND b.rollup_id = r.rollup_id AND b.grain = 3
      WHERE r.state = 'ACTIVE'
      GROUP BY r.name ORDER BY r.name
      """;

  private static final String DEADLOCK = "40P01";

  private final Connection admin;
  private Checked checked = new Checked(0, 0, 0);

  /**
   * Sums over all checks.
   *
   * @param rows found in the table
   */
  public record Checked(long sent, long acked, long rows) {}

  public WindrowTables(Connection admin) {
    this.admin = admin;
  }

  public Checked checked() {
    return checked;
  }

  /** Writes dirty pages out, and collects the garbage of having encoded the events. */
  public void beforeTheClock() throws SQLException {
    BeforeTheClock.settle(admin);
  }

  /** Waits until every acknowledged event is in its buckets. */
  public void awaitSettled() throws SQLException, InterruptedException {
    await(SETTLED, "compaction");
  }

  /** Waits until the runs of every day have their index by entity; no event may be of today. */
  public void awaitSealed() throws SQLException, InterruptedException {
    await(SEALED, "sealing");
  }

  private void await(String condition, String work) throws SQLException, InterruptedException {
    long deadline = System.nanoTime() + STALL_NANOS;
    while (!Sql.isTrue(admin, condition)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(work + " does not come to an end");
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Forgets all events; nothing may be under way. */
  public void truncate() throws SQLException, InterruptedException {
    awaitSettled();
    // The service's upkeep goes on, and takes locks of these tables in an order of its own.
    while (true) {
      try {
        Sql.run(admin, TRUNCATE);
        return;
      } catch (SQLException e) {
        if (!DEADLOCK.equals(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  /**
   * Counts the events since they were forgotten, in the table and in every rollup.
   *
   * @param stored as many as answers have called stored
   * @throws IllegalStateException if any count is another
   */
  public void check(long sent, long stored) throws SQLException {
    if (sent != stored) {
      throw new IllegalStateException(sent + " events were sent, " + stored + " acknowledged");
    }
    long rows = Sql.number(admin, "SELECT count(*) FROM events");
    if (rows != stored) {
      throw new IllegalStateException(
          stored + " events were acknowledged, " + rows + " are stored");
    }
    Map<String, String> counts = Sql.map(admin, EVENTS_BY_ROLLUP);
    counts.forEach(
        (rollup, count) -> {
          if (Long.parseLong(count) != stored) {
            throw new IllegalStateException(
                "rollup " + rollup + " counts " + count + " of " + stored + " events");
          }
        });
    if (counts.isEmpty()) {
      throw new IllegalStateException("there is no rollup to check");
    }
    checked = new Checked(checked.sent() + sent, checked.acked() + stored, checked.rows() + rows);
  }
}
