package dev.windrow.ingest.job;

import dev.windrow.ingest.recompute.FindRollup;
import dev.windrow.ingest.recompute.RollupLife;
import dev.windrow.job.v1.ChangedRollup;
import dev.windrow.job.v1.ReadJobResultResponse;
import dev.windrow.runtime.job.JobKind;
import dev.windrow.runtime.job.JobRun;
import java.util.List;
import reactor.core.publisher.Mono;

/** Takes a rollup away. */
final class RetireRollupKind implements JobKind {
  private final RollupNames names;
  private final RollupLife life;

  RetireRollupKind(RollupNames names, RollupLife life) {
    this.names = names;
    this.life = life;
  }

  @Override
  public String name() {
    return "retire_rollup";
  }

  @Override
  public Mono<Void> run(JobRun run) {
    String rollup = JobSpecs.read(run.job().spec()).getRetireRollup().getRollup();
    run.progress(0, 1);
    return id(run, rollup)
        .flatMap(id -> life.as(JobActor.of(run)).retire(id).retryWhen(RebuildKind.IN_THE_WAY))
        .then(
            Mono.defer(
                () ->
                    run.addPage(
                        ReadJobResultResponse.newBuilder()
                            .setChangedRollup(ChangedRollup.newBuilder().setRollup(rollup))
                            .build()
                            .toByteArray())))
        .then(Mono.fromRunnable(() -> run.progress(1, 1)));
  }

  // What an earlier attempt has retired, or a job that was cancelled, it may not have deleted all
  // of.
  private Mono<Integer> id(JobRun run, String rollup) {
    return names
        .find(rollup)
        .filterWhen(
            found ->
                found.state().equals("RETIRED") && run.job().attempt() == 1
                    ? names.hasRows(found.id())
                    : Mono.just(true))
        .map(FindRollup.Found::id)
        .switchIfEmpty(
            Mono.defer(() -> names.ids(List.of(rollup)).map(ids -> ids.iterator().next())));
  }
}
