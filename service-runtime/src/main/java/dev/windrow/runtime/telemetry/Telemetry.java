package dev.windrow.runtime.telemetry;

import dev.windrow.runtime.config.Instance;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of one process, and where they are told. Those of the JVM and of the build are there
 * from the beginning; a service adds its own to {@link #registry}. Values of labels come from
 * closed sets, never from events or requests.
 */
public final class Telemetry implements AutoCloseable {
  private final TelemetrySettings settings;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private @Nullable MetricsEndpoint endpoint;

  /**
   * Listens to the garbage collector, and to nobody else yet.
   *
   * @param instance whose names become labels of all metrics, if it has any
   * @param main a class of the service, whose jar tells its version
   */
  public Telemetry(TelemetrySettings settings, Instance instance, String service, Class<?> main) {
    this.settings = settings;
    registry.config().commonTags(names(instance));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("windrow.build.info", () -> 1)
        .description("Which build this is")
        .tag("service", service)
        .tag(
            "version",
            Objects.requireNonNullElse(main.getPackage().getImplementationVersion(), "unknown"))
        .tag("java", System.getProperty("java.version", "unknown"))
        .register(registry);
  }

  /** Where a service declares its own. */
  public MeterRegistry registry() {
    return registry;
  }

  /** Listens where the settings say; the message of an error is one line. */
  public synchronized void start() throws IOException {
    if (!settings.isOn()) {
      return;
    }
    try {
      endpoint = MetricsEndpoint.open(settings.port(), this::text);
    } catch (IOException e) {
      throw new IOException(
          TelemetrySettings.PORT
              + ": must be a port that is free, got "
              + settings.port()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** All metrics, as they are told. */
  public String text() {
    return registry.scrape();
  }

  @Override
  public synchronized void close() {
    if (endpoint != null) {
      endpoint.close();
    }
    collections.close();
    registry.close();
  }

  // Not "instance", which is what Prometheus calls the address that it asks.
  private static Iterable<Tag> names(Instance instance) {
    Tags names = Tags.empty();
    if (!instance.instanceId().isEmpty()) {
      names = names.and("instance_id", instance.instanceId());
    }
    return instance.env().isEmpty() ? names : names.and("env", instance.env());
  }
}
