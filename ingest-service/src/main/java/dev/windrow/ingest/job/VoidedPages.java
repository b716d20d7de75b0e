package dev.windrow.ingest.job;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.correction.Target;
import dev.windrow.job.v1.EventName;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.job.v1.VoidOutcome;
import dev.windrow.job.v1.VoidedEvent;
import dev.windrow.job.v1.VoidedEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes what became of events as messages. */
final class VoidedPages {
  private VoidedPages() {}

  /**
   * In pages; at least one.
   *
   * @param jobId who was to take them back
   */
  static List<ReadJobResultResponse> of(List<Target> targets, String jobId, int size) {
    List<ReadJobResultResponse> pages = new ArrayList<>();
    for (int from = 0; from == 0 || from < targets.size(); from += size) {
      VoidedEvents.Builder page = VoidedEvents.newBuilder();
      targets
          .subList(from, Math.min(targets.size(), from + size))
          .forEach(target -> page.addEvents(event(target, jobId)));
      pages.add(ReadJobResultResponse.newBuilder().setVoidedEvents(page).build());
    }
    return pages;
  }

  private static VoidedEvent event(Target target, String jobId) {
    VoidedEvent.Builder event =
        VoidedEvent.newBuilder()
            .setName(
                EventName.newBuilder()
                    .setSource(target.name().source())
                    .setEventId(target.name().eventId()));
    if (target instanceof Target.Voided voided) {
      event
          .setOutcome(
              voided.jobId().equals(jobId)
                  ? VoidOutcome.VOID_OUTCOME_VOIDED
                  : VoidOutcome.VOID_OUTCOME_VOIDED_BEFORE)
          .setOccurredAt(timestamp(voided.occurredAt()))
          .setJob("jobs/" + voided.jobId());
    } else if (target instanceof Target.Unknown) {
      event.setOutcome(VoidOutcome.VOID_OUTCOME_UNKNOWN_EVENT);
    } else {
      // One that is still there is of a day that retention lets go right now.
      event.setOutcome(VoidOutcome.VOID_OUTCOME_NOT_KEPT);
    }
    return event.build();
  }

  private static Timestamp timestamp(Instant time) {
    return Timestamp.newBuilder()
        .setSeconds(time.getEpochSecond())
        .setNanos(time.getNano())
        .build();
  }
}
