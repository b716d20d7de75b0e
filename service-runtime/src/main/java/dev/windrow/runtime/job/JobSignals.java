package dev.windrow.runtime.job;

import dev.windrow.runtime.sql.Listening;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Says that jobs may have changed: when the database tells, and now and then in any case, for what
 * it tells may be lost.
 */
public final class JobSignals implements AutoCloseable {
  private static final String CHANNEL = "windrow_jobs";
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Listening listening;
  private final Sinks.Many<String> told = Sinks.many().multicast().directBestEffort();

  /** Listens to nothing yet. */
  public JobSignals(ConnectionFactory factory) {
    listening = new Listening(factory, CHANNEL);
  }

  public void start() {
    // A signal that meets another one, or a full subscriber, is lost, as any may be.
    listening.start(told::tryEmitNext);
  }

  /** Of all jobs, of whatever tenant. The first one comes at once. */
  Flux<String> all() {
    return Flux.merge(told.asFlux().onBackpressureLatest(), periodic());
  }

  /** Of one job. The first one comes at once. */
  Flux<String> of(String id) {
    return Flux.merge(
        told.asFlux()
            .filter(payload -> payload.isEmpty() || payload.endsWith(" " + id))
            .onBackpressureLatest(),
        periodic());
  }

  private static Flux<String> periodic() {
    return Flux.interval(Duration.ZERO, PERIOD).onBackpressureDrop().map(tick -> "");
  }

  @Override
  public void close() {
    listening.stop();
  }
}
