package dev.windrow.ingest.job;

import dev.windrow.ingest.correction.Corrections;
import dev.windrow.ingest.recompute.Rebuild;
import dev.windrow.ingest.recompute.RollupLife;
import dev.windrow.rollup.Grain;
import dev.windrow.runtime.config.Instance;
import dev.windrow.runtime.job.JobKind;
import io.r2dbc.spi.ConnectionFactory;
import java.util.Set;
import reactor.core.scheduler.Scheduler;

/** All kinds of jobs that rewrite what is stored of a tenant. */
public final class RewritingKinds {
  /** What they are called. */
  public static final Set<String> NAMES =
      Set.of("verify", "recompute", "create_rollup", "retire_rollup", "void_events");

  private RewritingKinds() {}

  /**
   * The kinds, on connections of their own.
   *
   * @param factory makes connections that are no pool's
   * @param instance that corrections are recorded as made by
   * @param dispensable grains that are not kept longer than events
   * @param thread where events are folded
   */
  public static Set<JobKind> of(
      ConnectionFactory factory,
      int tenantId,
      Instance instance,
      Set<Grain> dispensable,
      Scheduler thread) {
    RollupNames names = new RollupNames(factory, tenantId);
    Rebuild rebuild = new Rebuild(factory, tenantId, thread);
    RollupLife life = new RollupLife(factory, tenantId, dispensable, thread);
    return Set.of(
        new RebuildKind("verify", names, rebuild),
        new RebuildKind("recompute", names, rebuild),
        new CreateRollupKind(names, life),
        new RetireRollupKind(names, life),
        new VoidEventsKind(names, new Corrections(factory, tenantId, instance, thread)));
  }
}
