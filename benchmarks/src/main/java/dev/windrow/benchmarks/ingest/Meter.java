package dev.windrow.benchmarks.ingest;

import dev.windrow.benchmarks.harness.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/** Reads what a span of time has cost: CPU by process, and WAL. */
final class Meter {
  private final Connection admin;
  private final long postmaster;
  private final long service;

  /**
   * @param service the service's process
   */
  Meter(Connection admin, long postmaster, long service) {
    this.admin = admin;
    this.postmaster = postmaster;
    this.service = service;
  }

  /**
   * Readings so far, or their differences over a span.
   *
   * @param harness CPU seconds of this process: the generator, or the client of COPY
   * @param service CPU seconds
   * @param postgresql CPU seconds of all its processes
   */
  record Usage(double harness, double service, double postgresql, double walBytes) {
    Usage since(Usage start) {
      return new Usage(
          harness - start.harness,
          service - start.service,
          postgresql - start.postgresql,
          walBytes - start.walBytes);
    }

    double cpu() {
      return harness + service + postgresql;
    }
  }

  Usage read() throws SQLException {
    double wal =
        Double.parseDouble(Sql.text(admin, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')"));
    return new Usage(
        ProcessTimes.of(ProcessHandle.current().pid()),
        ProcessTimes.of(service),
        ProcessTimes.ofFamily(postmaster),
        wal);
  }
}
