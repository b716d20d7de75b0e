package dev.windrow.benchmarks.ingest;

import java.sql.Connection;
import java.sql.SQLException;

/** What must not fall into the measured time. */
final class BeforeTheClock {
  private BeforeTheClock() {}

  /** Writes dirty pages out, and collects the garbage of having encoded the events. */
  static void settle(Connection admin) throws SQLException {
    System.gc();
    Sql.run(admin, "CHECKPOINT");
  }
}
