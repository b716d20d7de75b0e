package dev.windrow.ingest.job;

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

  // An attempt that finds it gone has been begun by another one that came so far; what that has
  // left
  // of its rows nobody reads.
  @Override
  public Mono<Void> run(JobRun run) {
    String rollup = JobSpecs.read(run.job().spec()).getRetireRollup().getRollup();
    run.progress(0, 1);
    return names
        .ids(List.of(rollup))
        .flatMapIterable(ids -> ids)
        .concatMap(life::retire)
        .then()
        .onErrorResume(error -> run.job().attempt() > 1, error -> Mono.empty())
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
}
