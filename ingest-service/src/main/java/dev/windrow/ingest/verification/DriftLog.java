package dev.windrow.ingest.verification;

import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Difference;
import dev.windrow.ingest.recompute.RollupReport;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of rows that are not what their events say: once for a day and the same rows, however often
 * they are found. For one thread at a time.
 */
final class DriftLog {
  private static final Logger log = LoggerFactory.getLogger(DriftLog.class);

  private record Drift(String rollup, long rows, List<Difference> first) {}

  private final Map<LocalDate, List<Drift>> told = new HashMap<>();

  /** Takes note of what was found; how many rollups were told of. */
  int note(DayReport report) {
    List<Drift> found =
        report.rollups().stream()
            .filter(rollup -> rollup.findings().differing() > 0)
            .map(DriftLog::drift)
            .toList();
    List<Drift> before =
        found.isEmpty() ? told.remove(report.day()) : told.put(report.day(), found);
    if (found.isEmpty()) {
      if (before != null) {
        log.atInfo()
            .addKeyValue("day", report.day())
            .log("rollups say again what their events say");
      }
      return 0;
    }
    if (found.equals(before)) {
      return 0;
    }
    found.forEach(drift -> tell(report.day(), drift));
    return found.size();
  }

  private static Drift drift(RollupReport rollup) {
    return new Drift(rollup.name(), rollup.findings().differing(), rollup.findings().first());
  }

  // Neither the key nor the values, which are the tenant's data: the job tells them to who may ask.
  private static void tell(LocalDate day, Drift drift) {
    Difference first = drift.first().get(0);
    log.atError()
        .addKeyValue("day", day)
        .addKeyValue("rollup", drift.rollup())
        .addKeyValue("rows", drift.rows())
        .addKeyValue("grain", first.grain())
        .addKeyValue("start", first.start())
        .addKeyValue("field", first.fields().get(0).name())
        .log(
            "rows of a rollup are not what their events say, of which this is the first:"
                + " create a verify job of the day, with repair");
  }
}
