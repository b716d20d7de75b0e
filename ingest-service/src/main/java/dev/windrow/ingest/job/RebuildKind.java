package dev.windrow.ingest.job;

import com.google.protobuf.Timestamp;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Rebuild;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.Grain;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Verifies, repairs or recomputes rollups, one UTC day after the other, each in a snapshot and a
 * transaction of its own. A second attempt begins with the first day again: to rebuild a day twice
 * is to rebuild it once.
 */
final class RebuildKind implements JobKind {
  // Others in the way, such as compaction of a large delta, are gone in a while.
  static final Retry IN_THE_WAY =
      Retry.backoff(20, Duration.ofMillis(200))
          .maxBackoff(Duration.ofSeconds(10))
          .filter(error -> SqlFailures.kind(error) == SqlFailures.Kind.CONFLICT)
          .onRetryExhaustedThrow((spec, signal) -> signal.failure());

  /** What a job of a kind is to do, as its spec says. */
  private record Task(TimeWindow window, List<String> rollups, RebuildMode mode) {}

  private final String name;
  private final RollupNames names;
  private final Rebuild rebuild;

  RebuildKind(String name, RollupNames names, Rebuild rebuild) {
    this.name = name;
    this.names = names;
    this.rebuild = rebuild;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Mono<Void> run(JobRun run) {
    Task task = task(run.job().spec());
    LocalDate from = date(Grain.DAY.floor(micros(task.window().getStartTime())));
    LocalDate to = date(Grain.DAY.ceil(micros(task.window().getEndTime())));
    return Mono.zip(names.ids(task.rollups()), names.runId(), rebuild.days(from, to).collectList())
        .flatMap(found -> days(run, task.mode(), found.getT1(), found.getT2(), found.getT3()));
  }

  private Mono<Void> days(
      JobRun run, RebuildMode mode, Set<Integer> rollups, long runId, List<LocalDate> days) {
    AtomicLong done = new AtomicLong();
    run.progress(0, days.size());
    return Flux.fromIterable(days)
        .concatMap(
            day ->
                Mono.defer(() -> rebuild.day(day, rollups, mode, runId))
                    .retryWhen(IN_THE_WAY)
                    .flatMap(report -> run.addPage(page(runId, report)))
                    .doOnSuccess(added -> run.progress(done.incrementAndGet(), days.size())),
            0)
        .then();
  }

  private static byte[] page(long runId, DayReport report) {
    return ReadJobResultResponse.newBuilder()
        .setRebuiltDay(RebuiltDays.of(runId, report))
        .build()
        .toByteArray();
  }

  private static Task task(String stored) {
    JobSpec spec = JobSpecs.read(stored);
    return spec.hasVerify()
        ? new Task(
            spec.getVerify().getWindow(),
            spec.getVerify().getRollupsList(),
            spec.getVerify().getRepair() ? RebuildMode.REPLACE : RebuildMode.VERIFY)
        : new Task(
            spec.getRecompute().getWindow(),
            spec.getRecompute().getRollupsList(),
            RebuildMode.REPLACE_ALWAYS);
  }

  private static long micros(Timestamp time) {
    return TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getNanos() / 1000;
  }

  private static LocalDate date(long micros) {
    return LocalDate.ofEpochDay(Math.floorDiv(micros, Grain.DAY.micros()));
  }
}
