package dev.windrow.ingest.job;

import dev.windrow.ingest.correction.Corrections;
import dev.windrow.ingest.correction.EventName;
import dev.windrow.ingest.correction.NotFoldedException;
import dev.windrow.ingest.correction.Target;
import dev.windrow.ingest.correction.Withdrawal;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.job.v1.VoidEventsJob;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import io.grpc.Status;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Takes events back, one UTC day after the other. A later attempt finds those that an earlier one
 * has taken back, and goes on with the others.
 */
final class VoidEventsKind implements JobKind {
  private static final int SHOWN = 10;
  private static final int PAGE_EVENTS = 1_000;
  // Lanes fold each second. What a lane has left behind that is gone, compaction folds.
  private static final Retry UNTIL_FOLDED =
      Retry.backoff(60, Duration.ofMillis(100))
          .maxBackoff(Duration.ofSeconds(2))
          .filter(NotFoldedException.class::isInstance)
          .onRetryExhaustedThrow((spec, signal) -> signal.failure());

  private final RollupNames names;
  private final Corrections corrections;

  VoidEventsKind(RollupNames names, Corrections corrections) {
    this.names = names;
    this.corrections = corrections;
  }

  @Override
  public String name() {
    return "void_events";
  }

  @Override
  public Mono<Void> run(JobRun run) {
    VoidEventsJob spec = JobSpecs.read(run.job().spec()).getVoidEvents();
    List<EventName> events =
        spec.getEventsList().stream()
            .map(event -> new EventName(event.getSource(), event.getEventId()))
            .toList();
    Withdrawal withdrawal = new Withdrawal(run.job().id(), spec.getReason());
    return corrections
        .find(events)
        .doOnNext(found -> check(found, spec.getAllowMissing()))
        .zipWith(names.runId())
        .flatMapMany(found -> days(run, byDay(found.getT1()), withdrawal, found.getT2()))
        .doOnNext(report -> checkKept(report, spec.getAllowMissing()))
        .then(Mono.defer(() -> corrections.find(events)))
        .flatMapIterable(found -> VoidedPages.of(found, run.job().id(), PAGE_EVENTS))
        .concatMap(page -> run.addPage(page.toByteArray()), 1)
        .then();
  }

  private Flux<DayReport> days(
      JobRun run, Map<LocalDate, List<Target.Stored>> days, Withdrawal withdrawal, long runId) {
    AtomicLong done = new AtomicLong();
    run.progress(0, days.size());
    return Flux.fromIterable(days.entrySet())
        .concatMap(
            day ->
                Mono.defer(
                        () -> corrections.withdraw(day.getKey(), day.getValue(), withdrawal, runId))
                    .retryWhen(RebuildKind.IN_THE_WAY)
                    .retryWhen(UNTIL_FOLDED)
                    .doOnNext(report -> run.progress(done.incrementAndGet(), days.size())),
            0);
  }

  private static Map<LocalDate, List<Target.Stored>> byDay(List<Target> targets) {
    return targets.stream()
        .filter(Target.Stored.class::isInstance)
        .map(Target.Stored.class::cast)
        .collect(Collectors.groupingBy(Target.Stored::day, TreeMap::new, Collectors.toList()));
  }

  private static void check(List<Target> targets, boolean allowMissing) {
    if (allowMissing) {
      return;
    }
    List<EventName> unknown = namesOf(targets, Target.Unknown.class);
    if (!unknown.isEmpty()) {
      throw failure(
          Status.Code.NOT_FOUND, "UNKNOWN_EVENT", "must all have been stored, got", unknown);
    }
    List<EventName> notKept = namesOf(targets, Target.NotKept.class);
    if (!notKept.isEmpty()) {
      throw failure(
          Status.Code.FAILED_PRECONDITION,
          "EVENTS_NOT_KEPT",
          "must not have been let go by retention, got",
          notKept);
    }
  }

  // Retention may let a day go after its events were looked up.
  private static void checkKept(DayReport report, boolean allowMissing) {
    if (!allowMissing && report.outcome() == DayReport.Outcome.EVENTS_NOT_KEPT) {
      throw Failure.of(
              Status.Code.FAILED_PRECONDITION,
              "EVENTS_NOT_KEPT",
              "events: must not have been let go by retention, got those of " + report.day(),
              Map.of("day", report.day().toString()))
          .toException();
    }
  }

  private static List<EventName> namesOf(List<Target> targets, Class<? extends Target> kind) {
    return targets.stream().filter(kind::isInstance).map(Target::name).toList();
  }

  private static RuntimeException failure(
      Status.Code code, String reason, String rule, List<EventName> events) {
    String shown =
        events.stream()
            .limit(SHOWN)
            .map(event -> event.source() + "/" + event.eventId())
            .collect(Collectors.joining(", "));
    return Failure.of(
            code,
            reason,
            "events: " + rule + " " + events.size() + ", first " + shown,
            Map.of("events", shown, "event_count", Integer.toString(events.size())))
        .toException();
  }
}
