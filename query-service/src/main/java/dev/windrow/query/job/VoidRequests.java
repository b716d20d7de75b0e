package dev.windrow.query.job;

import dev.windrow.job.v1.VoidEventsJob;
import dev.windrow.runtime.error.Failure;

/** Checks which events are to be taken back; what is wrong is an error that names the field. */
final class VoidRequests {
  private static final int MAX_EVENTS = 10_000;
  private static final int MAX_REASON = 1_000;

  private VoidRequests() {}

  static void check(VoidEventsJob wanted) {
    int count = wanted.getEventsCount();
    if (count == 0 || count > MAX_EVENTS) {
      throw invalid("events", "must be 1 to 10,000, got " + count);
    }
    for (int i = 0; i < count; i++) {
      if (wanted.getEvents(i).getSource().isEmpty()) {
        throw invalid("events[" + i + "].source", "is required");
      }
      if (wanted.getEvents(i).getEventId().isEmpty()) {
        throw invalid("events[" + i + "].event_id", "is required");
      }
    }
    if (wanted.getReason().isBlank() || wanted.getReason().length() > MAX_REASON) {
      throw invalid("reason", "must be 1 to 1,000 characters, and not only spaces");
    }
  }

  private static RuntimeException invalid(String field, String rule) {
    return Failure.invalid("spec.void_events." + field, rule).toException();
  }
}
