package dev.windrow.ingest.job;

import dev.windrow.ingest.recompute.BuildReport;
import dev.windrow.ingest.recompute.FindRollup;
import dev.windrow.ingest.recompute.RollupLife;
import dev.windrow.job.v1.ChangedRollup;
import dev.windrow.job.v1.CreateRollupJob;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.query.v1.Tier;
import dev.windrow.rollup.Dimension;
import dev.windrow.rollup.Grain;
import dev.windrow.rollup.RollupDefinition;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.job.Job;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import dev.windrow.runtime.sql.SqlFailures;
import io.grpc.Status;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;

/**
 * Adds a rollup and fills it with the past. A later attempt goes on with what an earlier one has
 * added.
 */
final class CreateRollupKind implements JobKind {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final int SHOWN_DAYS = 10;

  /** A rollup that is there, and whether it is still being built. */
  private record Added(int id, boolean building) {}

  private final RollupNames names;
  private final RollupLife life;

  CreateRollupKind(RollupNames names, RollupLife life) {
    this.names = names;
    this.life = life;
  }

  @Override
  public String name() {
    return "create_rollup";
  }

  @Override
  public Mono<Void> run(JobRun run) {
    CreateRollupJob spec = JobSpecs.read(run.job().spec()).getCreateRollup();
    RollupDefinition wanted = definition(spec);
    run.progress(0, 1);
    return Mono.zip(added(run, wanted), names.runId())
        .flatMap(
            found ->
                life.as(JobActor.of(run))
                    .build(found.getT1().id(), found.getT2())
                    .retryWhen(RebuildKind.IN_THE_WAY)
                    .flatMap(report -> ended(run, wanted, found.getT1(), found.getT2(), report)));
  }

  private Mono<Added> added(JobRun run, RollupDefinition wanted) {
    return names
        .find(wanted.name())
        .flatMap(
            found ->
                isOurs(run.job(), found)
                    ? Mono.just(new Added(found.id(), found.state().equals("BUILDING")))
                    : Mono.<Added>error(exists(wanted.name())))
        .switchIfEmpty(
            Mono.defer(
                () ->
                    life.as(JobActor.of(run))
                        .create(wanted.name(), wanted.dimensions(), wanted.grains())
                        .map(id -> new Added(id, true))
                        .onErrorMap(
                            error -> UNIQUE_VIOLATION.equals(SqlFailures.sqlState(error)),
                            error -> exists(wanted.name()))));
  }

  // Both times are the database's. What was there before the job was begun is somebody else's.
  private static boolean isOurs(Job job, FindRollup.Found found) {
    Instant begun = job.startedAt();
    return job.attempt() > 1
        && begun != null
        && !found.createdAt().isBefore(begun)
        && !found.state().equals("RETIRED");
  }

  // One that was active already had all that it needed when it became so.
  private Mono<Void> ended(
      JobRun run, RollupDefinition wanted, Added added, long runId, BuildReport report) {
    if (!report.isActive() && added.building()) {
      return life.as(JobActor.of(run)).retire(report.rollupId()).then(Mono.error(notKept(report)));
    }
    ChangedRollup changed =
        ChangedRollup.newBuilder()
            .setRollup(wanted.name())
            .setBuiltDayCount(report.days())
            .setEventCount(report.events())
            .setRunId(report.days() == 0 ? 0 : runId)
            .build();
    return run.addPage(
            ReadJobResultResponse.newBuilder().setChangedRollup(changed).build().toByteArray())
        .then(Mono.fromRunnable(() -> run.progress(1, 1)));
  }

  private static RollupDefinition definition(CreateRollupJob spec) {
    List<Dimension> dimensions = spec.getDimensionsList().stream().map(Dimension::parse).toList();
    String name =
        spec.getRollup().isEmpty()
            ? dimensions.stream().map(Dimension::name).collect(Collectors.joining(","))
            : spec.getRollup();
    return new RollupDefinition(0, name, dimensions, grains(spec.getFinestGrain(), dimensions));
  }

  private static Set<Grain> grains(Tier finest, List<Dimension> dimensions) {
    return switch (finest) {
      case TIER_MINUTE -> EnumSet.allOf(Grain.class);
      case TIER_HOUR -> EnumSet.of(Grain.HOUR, Grain.DAY);
      case TIER_DAY -> EnumSet.of(Grain.DAY);
      case TIER_UNSPECIFIED, TIER_RAW, UNRECOGNIZED ->
          dimensions.contains(Dimension.ENTITY_ID)
              ? EnumSet.of(Grain.HOUR, Grain.DAY)
              : EnumSet.allOf(Grain.class);
    };
  }

  private static RuntimeException exists(String name) {
    return Failure.of(
            Status.Code.ALREADY_EXISTS,
            "ROLLUP_EXISTS",
            "rollup: must have a name that none has or had, got " + name,
            Map.of("rollup", name))
        .toException();
  }

  private static RuntimeException notKept(BuildReport report) {
    String days =
        report.notKept().stream()
            .limit(SHOWN_DAYS)
            .map(Object::toString)
            .collect(Collectors.joining(","));
    return Failure.of(
            Status.Code.FAILED_PRECONDITION,
            "EVENTS_NOT_KEPT",
            "rollup: cannot be built of days whose events have been let go: " + days,
            Map.of("days", days, "day_count", Integer.toString(report.notKept().size())))
        .toException();
  }
}
