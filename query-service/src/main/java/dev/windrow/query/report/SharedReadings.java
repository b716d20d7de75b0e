package dev.windrow.query.report;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Readings under way, each shared by all who want the same at the same time.
 *
 * <p>Called by any number of threads. Whoever comes first begins the reading, the others wait for
 * it. One who cancels leaves it to the others; the last one ends it. A reading that has ended is
 * nobody's: it is taken out before its result is told, so whoever comes then begins a new one. One
 * who comes just as the last one leaves may begin a second one of the same, which does no harm.
 *
 * @param <K> what is wanted; equal ones are the same
 * @param <V> what is read
 */
final class SharedReadings<K, V> {
  private final Map<K, Mono<V>> underWay = new ConcurrentHashMap<>();

  /** What is read for a key, by this reading unless there is one. */
  Mono<V> of(K key, Supplier<Mono<V>> reading) {
    return Mono.defer(() -> underWay.computeIfAbsent(key, k -> shared(k, reading)));
  }

  int count() {
    return underWay.size();
  }

  private Mono<V> shared(K key, Supplier<Mono<V>> reading) {
    return Mono.defer(reading)
        .doOnTerminate(() -> underWay.remove(key))
        .doOnCancel(() -> underWay.remove(key))
        .flux()
        // For one who comes between the result and the end of the reading.
        .replay(1)
        .refCount(1)
        .singleOrEmpty();
  }
}
