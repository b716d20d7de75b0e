package dev.windrow.benchmarks.harness;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;

/** Events of one shape, the same for both sides and for every run. */
public interface Workload {
  /** The events of one round. The same seed and time give the same events. */
  Iterator<LoadEvent> events(long seed, int count, Instant now);

  /** The UTC days that these events may be of. */
  List<LocalDate> days(Instant now);
}
