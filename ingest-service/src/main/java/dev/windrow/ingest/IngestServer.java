package dev.windrow.ingest;

import dev.windrow.ingest.accept.AcceptancePolicy;
import dev.windrow.ingest.accept.EventAcceptance;
import dev.windrow.ingest.accept.RawHorizon;
import dev.windrow.ingest.catalog.FindTenant;
import dev.windrow.ingest.catalog.RegisterServing;
import dev.windrow.ingest.grpc.Doors;
import dev.windrow.ingest.grpc.IngestGrpcService;
import dev.windrow.ingest.job.RewritingKinds;
import dev.windrow.ingest.metrics.IngestMetrics;
import dev.windrow.ingest.retention.FindRawHorizon;
import dev.windrow.runtime.config.InvalidSettingsException;
import dev.windrow.runtime.grpc.GrpcServer;
import dev.windrow.runtime.lifecycle.Service;
import dev.windrow.runtime.telemetry.Telemetry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** The composition root of ingest-service. */
public final class IngestServer implements Service {
  private static final Logger log = LoggerFactory.getLogger(IngestServer.class);
  private static final Duration CONNECT_PAUSE = Duration.ofMillis(500);

  private final IngestConfig config;
  private final Clock clock;
  private final Telemetry telemetry;
  private final IngestMetrics metrics;
  private final ConnectionFactory connections;
  private final IngestGrpcService service = new IngestGrpcService();
  private final GrpcServer server;
  private final RawHorizon horizon = new RawHorizon();
  private @Nullable ScheduledExecutorService timer;
  private @Nullable Disposable connecting;
  private @Nullable IngestEngine engine;
  private boolean closed;

  public IngestServer(IngestConfig config) {
    this(config, Clock.systemUTC());
  }

  /**
   * A server whose machine has this clock.
   *
   * @param clock decides which events are too old or too far in the future, and nothing else:
   *     whatever replicas must agree on goes by the database's clock
   */
  public IngestServer(IngestConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.telemetry =
        new Telemetry(config.telemetry(), config.instance(), "ingest-service", IngestServer.class);
    this.metrics = new IngestMetrics(telemetry.registry(), RewritingKinds.NAMES);
    this.connections = config.database().connectionFactory(IngestEngine.CONNECTIONS);
    this.server = new GrpcServer(config.grpc(), List.of(service));
  }

  /** Listens at once; takes events as soon as the database has been reached. */
  @Override
  public synchronized void start() throws IOException {
    telemetry.start();
    timer = timer();
    server.start();
    connecting =
        findTenant()
            .doOnError(
                e ->
                    log.warn(
                        "cannot start yet, will try again: {}: {}",
                        config.database(),
                        e.getMessage()))
            .retryWhen(
                Retry.backoff(Long.MAX_VALUE, CONNECT_PAUSE)
                    .maxBackoff(CONNECT_PAUSE.multipliedBy(10)))
            .subscribe(this::serve);
  }

  @Override
  public int port() {
    return server.port();
  }

  /** Bytes of requests that were taken and are not answered. */
  synchronized long inFlightBytes() {
    return engine == null ? 0 : engine.lanes().inFlight().bytes();
  }

  /** Not serving, streams ended, calls answered, lanes flushed, connections closed. */
  @Override
  public void close() {
    IngestEngine running;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      running = engine;
      if (connecting != null) {
        connecting.dispose();
      }
    }
    server.setServing(false);
    service.drain();
    server.close();
    if (running != null) {
      running.close();
    }
    synchronized (this) {
      if (timer != null) {
        timer.shutdownNow();
      }
    }
    telemetry.close();
  }

  private Mono<Integer> findTenant() {
    return Mono.usingWhen(
        Mono.<Connection>from(connections.create()),
        connection ->
            FindTenant.run(connection, config.tenant())
                .switchIfEmpty(
                    Mono.error(
                        () ->
                            new InvalidSettingsException(
                                "WINDROW_TENANT: must be a tenant of this database, got "
                                    + config.tenant())))
                .flatMap(
                    tenantId ->
                        RegisterServing.run(connection, tenantId)
                            .then(Mono.defer(() -> FindRawHorizon.run(connection, tenantId)))
                            .doOnNext(horizon::moveTo)
                            .thenReturn(tenantId)),
        Connection::close);
  }

  private static ScheduledExecutorService timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "timer");
              thread.setDaemon(true);
              return thread;
            });
    // A stream that ends long before its connection is old must not be kept by its timer.
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  private synchronized void serve(int tenantId) {
    if (closed || timer == null) {
      return;
    }
    IngestEngine ready = new IngestEngine(config, connections, tenantId, horizon, metrics, clock);
    engine = ready;
    ready.start();
    service.open(
        new Doors(
            new EventAcceptance(
                new AcceptancePolicy(config.takenAge(), config.maxEventFuture(), clock, horizon),
                tenantId),
            ready.lanes(),
            timer,
            config.overloadWait(),
            config.streamHeartbeat(),
            clock));
    server.setServing(true);
    log.atInfo().addKeyValue("tenant", config.tenant()).log("taking events");
  }
}
