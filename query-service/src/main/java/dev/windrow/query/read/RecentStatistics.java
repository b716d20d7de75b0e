package dev.windrow.query.read;

import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.runtime.sql.ReadSession;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The statistics of one tenant's store, a few seconds old: the longer it takes to read them, the
 * longer they are kept, so that they cost about a hundredth of one connection. The question that
 * finds them older reads them anew, in its own snapshot; those that come meanwhile take the old
 * ones. At the start, when there are none, each reads them for itself.
 *
 * <p>Called by any number of threads. {@code last} publishes an immutable value; which of two that
 * were read at the same time stays does not matter.
 */
public final class RecentStatistics {
  static final Duration LEAST_AGE = Duration.ofSeconds(5);
  private static final int REST = 100;

  private record Taken(StoreStatistics statistics, long nanos, long keptNanos) {}

  private final LongSupplier nanoTime;
  private final AtomicBoolean reading = new AtomicBoolean();
  private volatile @Nullable Taken last;

  /**
   * None yet.
   *
   * @param nanoTime as {@link System#nanoTime}
   */
  public RecentStatistics(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** For a question that reads in this session. */
  public Mono<StoreStatistics> get(ReadSession session, int tenantId) {
    return Mono.defer(
        () -> {
          Taken taken = last;
          if (taken == null) {
            return read(session, tenantId);
          }
          boolean old = nanoTime.getAsLong() - taken.nanos() > taken.keptNanos();
          return old && reading.compareAndSet(false, true)
              ? read(session, tenantId).doFinally(signal -> reading.set(false))
              : Mono.just(taken.statistics());
        });
  }

  private Mono<StoreStatistics> read(ReadSession session, int tenantId) {
    long begun = nanoTime.getAsLong();
    return SelectTableStatistics.read(session, tenantId)
        .flatMap(
            tables ->
                SelectDeltaStatistics.read(session, tenantId)
                    .map(deltas -> StoreStatistics.of(tables, deltas)))
        .doOnNext(statistics -> last = taken(statistics, begun));
  }

  private Taken taken(StoreStatistics statistics, long begun) {
    long now = nanoTime.getAsLong();
    return new Taken(statistics, now, Math.max(LEAST_AGE.toNanos(), REST * (now - begun)));
  }
}
