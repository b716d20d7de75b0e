package dev.windrow.runtime.grpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gRPC server with health per service, reflection, and bounds on what a peer may ask of it. */
public final class GrpcServer {
  private static final int CALLS_PER_CONNECTION = 100;
  private static final int METADATA_BYTES = 8 << 10;

  private final GrpcServerSettings settings;
  private final List<BindableService> services;
  private final HealthStatusManager health = new HealthStatusManager();
  private @Nullable Server server;
  private @Nullable ExecutorService executor;

  public GrpcServer(GrpcServerSettings settings, List<BindableService> services) {
    this.settings = settings;
    this.services = List.copyOf(services);
  }

  /** Binds the port; the services are NOT_SERVING until {@link #setServing}. */
  public synchronized void start() throws IOException {
    var builder =
        NettyServerBuilder.forPort(settings.port())
            .maxInboundMessageSize(settings.maxMessageBytes())
            .maxInboundMetadataSize(METADATA_BYTES)
            .flowControlWindow(settings.flowControlBytes())
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
            .maxRstFramesPerWindow(200, 30)
            .handshakeTimeout(5, TimeUnit.SECONDS)
            .permitKeepAliveTime(20, TimeUnit.SECONDS)
            .maxConnectionIdle(5, TimeUnit.MINUTES)
            .maxConnectionAge(settings.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(
                ConnectionAge.grace(settings.maxConnectionAge()).toMillis(), TimeUnit.MILLISECONDS)
            .addTransportFilter(ConnectionAge.noting(settings.maxConnectionAge()))
            .intercept(ConnectionAge.showing())
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(10, TimeUnit.SECONDS)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance());
    if (settings.threads() == 0) {
      builder.directExecutor();
    } else {
      executor = Executors.newFixedThreadPool(settings.threads());
      builder.executor(executor);
    }
    services.forEach(builder::addService);
    setServing(false);
    server = builder.build().start();
  }

  /** Tells health checks whether calls are welcome. */
  public void setServing(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    for (BindableService service : services) {
      health.setStatus(service.bindService().getServiceDescriptor().getName(), status);
    }
  }

  /** The bound port. */
  public synchronized int port() {
    if (server == null) {
      throw new IllegalStateException("not started");
    }
    return server.getPort();
  }

  /** Health first, then no new calls, then a bounded wait for those under way. Idempotent. */
  public void close() {
    Server stopping;
    synchronized (this) {
      stopping = server;
    }
    health.enterTerminalState();
    if (stopping == null) {
      return;
    }
    stopping.shutdown();
    try {
      if (!stopping.awaitTermination(settings.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        stopping.shutdownNow();
        stopping.awaitTermination(2, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      stopping.shutdownNow();
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (executor != null) {
        executor.shutdown();
      }
    }
  }
}
