package dev.windrow.ingest;

import dev.windrow.ingest.accept.RawHorizon;
import dev.windrow.ingest.announce.Announcer;
import dev.windrow.ingest.backlog.BacklogWatch;
import dev.windrow.ingest.catalog.Registry;
import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.compaction.Compactor;
import dev.windrow.ingest.flush.FlushContext;
import dev.windrow.ingest.flush.Flusher;
import dev.windrow.ingest.lane.InFlight;
import dev.windrow.ingest.lane.Lane;
import dev.windrow.ingest.lane.Lanes;
import dev.windrow.ingest.metrics.IngestMetrics;
import dev.windrow.ingest.metrics.UpkeepTask;
import dev.windrow.ingest.retention.Retention;
import dev.windrow.ingest.seal.DaySealer;
import dev.windrow.ingest.unfolded.Handover;
import dev.windrow.ingest.unfolded.UnfoldedBounds;
import dev.windrow.ingest.verification.Verification;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;

/**
 * The lanes of one tenant with their threads and connections, and the upkeep of what they write.
 */
final class IngestEngine implements AutoCloseable {
  /** What pg_stat_activity calls its connections. */
  static final String CONNECTIONS = "windrow-ingest";

  private static final Logger log = LoggerFactory.getLogger(IngestEngine.class);

  private static final Duration TICK = Duration.ofMillis(100);

  private final List<ExecutorService> threads = new ArrayList<>();
  private final List<Flusher> flushers = new ArrayList<>();
  private final List<LoopResources> loops = new ArrayList<>();
  private final Lanes lanes;
  private final Compactor compactor;
  private final Optional<DaySealer> sealer;
  private final Retention retention;
  private final Optional<BacklogWatch> backlog;
  private final Optional<Verification> verification;
  private final Rewriting rewriting;
  private final Announcer announcer;
  private final Duration drainTimeout;
  private @Nullable Disposable ticking;

  /**
   * @param horizon is told how far raw events have been let go
   */
  IngestEngine(
      IngestConfig config,
      ConnectionFactory factory,
      int tenantId,
      RawHorizon horizon,
      IngestMetrics metrics,
      Clock clock) {
    Written written = new Written();
    Handover handover = new Handover();
    announcer = new Announcer(factory, config.tenant());
    FlushContext context =
        new FlushContext(
            tenantId,
            config.instance(),
            new Registry(tenantId),
            written,
            announcer,
            clock,
            config.flushTimeout(),
            config.runEvents(),
            config.retention().keptNoLongerThanEvents(),
            handover);
    List<Lane> made = new ArrayList<>();
    int count = config.lanes();
    for (int i = 0; i < count; i++) {
      made.add(lane(config, context, i, config.unfolded().ofLane(count)));
    }
    Lane express = lane(config, context, count, config.unfolded().ofExpressLane());
    InFlight inFlight = new InFlight(config.maxInFlightBytes(), thread("waiters"));
    lanes = new Lanes(made, express, config.lightBytes(), inFlight);
    Scheduler compaction = Schedulers.fromExecutor(thread("compaction"));
    compactor =
        Compactor.of(
            factory,
            tenantId,
            config.compactionRows(),
            handover,
            written,
            config.compactionPause(),
            compaction,
            metrics);
    sealer =
        config.sealQuiet().isZero()
            ? Optional.empty()
            : Optional.of(
                new DaySealer(
                    factory,
                    config.sealQuiet(),
                    System::nanoTime,
                    metrics.upkeep(UpkeepTask.SEALING)));
    retention =
        new Retention(
            factory, config.retention(), tenantId, horizon, metrics.upkeep(UpkeepTask.RETENTION));
    backlog =
        config.telemetry().isOn()
            ? Optional.of(
                new BacklogWatch(
                    factory,
                    tenantId,
                    metrics.backlog(),
                    metrics.upkeep(UpkeepTask.BACKLOG),
                    config.metricsPause(),
                    System::nanoTime))
            : Optional.empty();
    verification = verification(config, tenantId, metrics);
    rewriting = new Rewriting(config, tenantId, Schedulers.fromExecutor(thread("rewriting")));
    drainTimeout = config.grpc().drainTimeout();
  }

  private Optional<Verification> verification(
      IngestConfig config, int tenantId, IngestMetrics metrics) {
    return config.verification().isOn()
        ? Optional.of(
            new Verification(
                config.database().connectionFactory("windrow-ingest-verification"),
                tenantId,
                config.verification(),
                Schedulers.fromExecutor(thread("verification")),
                metrics.verification(),
                metrics.upkeep(UpkeepTask.VERIFICATION),
                System::nanoTime))
        : Optional.empty();
  }

  private Lane lane(
      IngestConfig config, FlushContext context, int number, UnfoldedBounds unfolded) {
    ExecutorService thread = thread("lane-" + number);
    // Of its own, so that an acknowledgement does not wait while rows are read for somebody else.
    LoopResources loop = LoopResources.create("lane-" + number + "-sql", 1, true);
    loops.add(loop);
    Flusher flusher =
        new Flusher(
            context,
            config.database().connectionFactory(CONNECTIONS, loop),
            number,
            unfolded,
            Schedulers.fromExecutor(thread));
    flushers.add(flusher);
    return new Lane(config.lane(), thread, flusher::flush, flusher::settle);
  }

  void start() {
    announcer.start();
    compactor.start();
    sealer.ifPresent(DaySealer::start);
    retention.start();
    backlog.ifPresent(BacklogWatch::start);
    verification.ifPresent(Verification::start);
    rewriting.start();
    ticking = Flux.interval(TICK).onBackpressureDrop().subscribe(tick -> lanes.tick());
  }

  Lanes lanes() {
    return lanes;
  }

  /** What was taken is still flushed, within the drain timeout. */
  @Override
  public void close() {
    if (ticking != null) {
      ticking.dispose();
    }
    sealer.ifPresent(DaySealer::close);
    retention.close();
    backlog.ifPresent(BacklogWatch::close);
    verification.ifPresent(Verification::close);
    rewriting.close();
    lanes.close();
    awaitEnded();
    compactor.close();
    announcer.close();
    flushers.forEach(flusher -> flusher.close().subscribe());
    loops.forEach(loop -> loop.disposeLater().subscribe());
    threads.forEach(ExecutorService::shutdown);
  }

  private void awaitEnded() {
    try {
      lanes.ended().get(drainTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      log.warn("requests were still waiting when the time to drain was over; none is acknowledged");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private ExecutorService thread(String name) {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    threads.add(thread);
    return thread;
  }
}
