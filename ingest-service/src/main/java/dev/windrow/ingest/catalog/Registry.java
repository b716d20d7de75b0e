package dev.windrow.ingest.catalog;

import io.r2dbc.spi.Connection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What must exist before a flush: partitions, sources, ledgers. Registered in statements of their
 * own before the transaction, so that a flush neither makes tables nor holds locks that other lanes
 * want. The sets only remember that something exists, so a lost entry costs a statement; they are
 * shared by all lanes, bounded, and safe for any thread.
 */
public final class Registry {
  private static final int REMEMBERED = 100_000;
  private static final int DAYS_AT_ONCE = 30;
  private static final long DAY_MICROS = 86_400_000_000L;

  private final int tenantId;
  private final Set<Long> days = ConcurrentHashMap.newKeySet();
  private final Set<Long> runDays = ConcurrentHashMap.newKeySet();
  private final Set<String> sources = ConcurrentHashMap.newKeySet();
  private final Set<String> producers = ConcurrentHashMap.newKeySet();

  public Registry(int tenantId) {
    this.tenantId = tenantId;
  }

  /**
   * Registers what is new. Outside a transaction.
   *
   * @param eventDays the UTC days of the events
   * @param daysWithRuns those of them that get runs
   */
  public Mono<Void> register(
      Connection connection,
      Collection<Long> eventDays,
      Collection<Long> daysWithRuns,
      Collection<String> eventSources,
      Collection<String> producerIds) {
    return registerDays(
            days, eventDays, found -> RegisterDays.forLooseRows(connection, dates(found)))
        .then(
            registerDays(
                runDays, daysWithRuns, found -> RegisterDays.forRuns(connection, dates(found))))
        .then(
            missing(
                sources, eventSources, found -> RegisterSources.run(connection, tenantId, found)))
        .then(
            missing(
                producers,
                producerIds,
                found -> RegisterProducers.run(connection, tenantId, found)));
  }

  /** The UTC day of an instant, as {@link #register} takes it. */
  public static long day(long epochMicros) {
    return Math.floorDiv(epochMicros, DAY_MICROS);
  }

  /** After an error that something is missing which was thought to exist: look anew. */
  public void forget() {
    days.clear();
    runDays.clear();
    sources.clear();
    producers.clear();
  }

  // A history of years has thousands of days: each statement makes a few, remembers them, and lets
  // the next try go on from there.
  private static Mono<Void> registerDays(
      Set<Long> known, Collection<Long> wanted, Function<Collection<Long>, Mono<Void>> register) {
    if (known.containsAll(wanted)) {
      return Mono.empty();
    }
    List<Long> sorted = List.copyOf(new TreeSet<>(wanted));
    return Flux.range(0, (sorted.size() + DAYS_AT_ONCE - 1) / DAYS_AT_ONCE)
        .map(
            slice ->
                sorted.subList(
                    slice * DAYS_AT_ONCE, Math.min(sorted.size(), (slice + 1) * DAYS_AT_ONCE)))
        .concatMap(slice -> missing(known, slice, register))
        .then();
  }

  private static <T extends Comparable<T>> Mono<Void> missing(
      Set<T> known, Collection<T> wanted, Function<Collection<T>, Mono<Void>> register) {
    Set<T> found = new TreeSet<>(wanted);
    found.removeAll(known);
    if (found.isEmpty()) {
      return Mono.empty();
    }
    return register
        .apply(found)
        .doOnSuccess(
            done -> {
              if (known.size() > REMEMBERED) {
                known.clear();
              }
              known.addAll(found);
            });
  }

  /** The dates of days, as {@link #day} counts. */
  public static List<LocalDate> dates(Collection<Long> epochDays) {
    List<LocalDate> dates = new ArrayList<>();
    for (long day : epochDays) {
      dates.add(
          LocalDate.ofInstant(
              Instant.ofEpochSecond(day * (DAY_MICROS / 1_000_000)), ZoneOffset.UTC));
    }
    return dates;
  }
}
