package dev.windrow.ingest.job;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import dev.windrow.ingest.catalog.LoadRollups;
import dev.windrow.ingest.recompute.DayReport;
import dev.windrow.ingest.recompute.Rebuild;
import dev.windrow.ingest.recompute.RebuildMode;
import dev.windrow.ingest.recompute.TakeRunId;
import dev.windrow.job.v1.JobSpec;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.v1.TimeWindow;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import dev.windrow.runtime.sql.SqlFailures;
import io.grpc.Status;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Verifies, repairs or recomputes rollups, one UTC day after the other, each in a snapshot and a
 * transaction of its own. A second attempt begins with the first day again: to rebuild a day twice
 * is to rebuild it once.
 */
public final class RebuildKind implements JobKind {
  // Others in the way, such as compaction of a large delta, are gone in a while.
  private static final Retry IN_THE_WAY =
      Retry.backoff(20, Duration.ofMillis(200))
          .maxBackoff(Duration.ofSeconds(10))
          .filter(error -> SqlFailures.kind(error) == SqlFailures.Kind.CONFLICT)
          .onRetryExhaustedThrow((spec, signal) -> signal.failure());

  /** What a job of a kind is to do, as its spec says. */
  private record Task(TimeWindow window, List<String> rollups, RebuildMode mode) {}

  private final String name;
  private final ConnectionFactory factory;
  private final int tenantId;
  private final Rebuild rebuild;

  private RebuildKind(String name, ConnectionFactory factory, int tenantId, Rebuild rebuild) {
    this.name = name;
    this.factory = factory;
    this.tenantId = tenantId;
    this.rebuild = rebuild;
  }

  /** All of these kinds, on connections of their own. */
  public static Set<JobKind> all(ConnectionFactory factory, int tenantId, Rebuild rebuild) {
    return Set.of(
        new RebuildKind("verify", factory, tenantId, rebuild),
        new RebuildKind("recompute", factory, tenantId, rebuild));
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
    return Mono.zip(rollups(task.rollups()), runId(), rebuild.days(from, to).collectList())
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

  private Task task(String stored) {
    JobSpec.Builder spec = JobSpec.newBuilder();
    try {
      JsonFormat.parser().ignoringUnknownFields().merge(stored, spec);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("jobs: a spec cannot be read", e);
    }
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

  /** The ids of these rollups; none for all. */
  private Mono<Set<Integer>> rollups(List<String> names) {
    return connected(connection -> LoadRollups.folded(connection, tenantId))
        .map(
            there -> {
              Map<String, Integer> ids =
                  there.stream()
                      .collect(Collectors.toMap(RollupDefinition::name, RollupDefinition::id));
              Set<Integer> wanted = new HashSet<>();
              for (String one : names) {
                Integer id = ids.get(one);
                if (id == null) {
                  throw unknown(one, ids.keySet());
                }
                wanted.add(id);
              }
              return wanted;
            });
  }

  private static RuntimeException unknown(String name, Set<String> there) {
    String allowed = there.stream().sorted().collect(Collectors.joining("; "));
    return Failure.of(
            Status.Code.NOT_FOUND,
            "UNKNOWN_ROLLUP",
            "rollups: must be of " + allowed + ", got " + name,
            Map.of("rollup", name, "allowed", allowed))
        .toException();
  }

  private Mono<Long> runId() {
    return connected(TakeRunId::run);
  }

  private <T> Mono<T> connected(java.util.function.Function<Connection, Mono<T>> work) {
    return Mono.usingWhen(factory.create(), work, Connection::close);
  }

  private static long micros(Timestamp time) {
    return TimeUnit.SECONDS.toMicros(time.getSeconds()) + time.getNanos() / 1000;
  }

  private static LocalDate date(long micros) {
    return LocalDate.ofEpochDay(Math.floorDiv(micros, Grain.DAY.micros()));
  }
}
