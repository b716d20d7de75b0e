package dev.windrow.query.watch;

import dev.windrow.runtime.error.StatusMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Those who watch one question, and what each has been told.
 *
 * <p>Who comes is told nothing that was found out before it came: it waits until the answer is
 * known to stand as of a later instant, so that all is in it that was acknowledged before the call.
 * Who resumes is then looked up: if nothing has changed since its position, the answer is not told.
 * An answer that changes during that look-up is.
 *
 * <p>Confined to the {@link WatchThread}.
 */
final class Audience<M> {
  private enum State {
    WAITING,
    RESUMING,
    TOLD,
    FAILED
  }

  /** One who watches. */
  private static final class Seat<M> {
    final Watcher<M> watcher;
    final long sinceNanos = System.nanoTime();
    State state = State.WAITING;

    Seat(Watcher<M> watcher) {
      this.watcher = watcher;
    }
  }

  /** Who asks for the same position of the same answer shares the look-up. */
  private record Resumption(String position, long version) {}

  private final Function<String, Mono<Boolean>> changedSince;
  private final Scheduler scheduler;
  private final Map<Watcher<M>, Seat<M>> seats = new LinkedHashMap<>();
  private final Map<Resumption, List<Seat<M>>> resumptions = new LinkedHashMap<>();
  private final Disposable.Composite lookUps = Disposables.composite();
  private @Nullable WatchedAnswer<M> answer;
  private long version;

  /**
   * Nobody yet.
   *
   * @param changedSince whether the answer may have changed since a position
   */
  Audience(Function<String, Mono<Boolean>> changedSince, Scheduler scheduler) {
    this.changedSince = changedSince;
    this.scheduler = scheduler;
  }

  void add(Watcher<M> watcher) {
    seats.put(watcher, new Seat<>(watcher));
  }

  void remove(Watcher<M> watcher) {
    seats.remove(watcher);
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  /** Whether somebody has not been told anything. */
  boolean someWait() {
    return seats.values().stream().anyMatch(seat -> seat.state == State.WAITING);
  }

  /** That of the fastest. */
  Duration pace() {
    return seats.keySet().stream()
        .map(Watcher::pace)
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** A new answer, which is told only if it says something else than the one before. */
  void renew(WatchedAnswer<M> renewed, boolean changed) {
    answer = renewed;
    if (changed) {
      version++;
      for (Seat<M> seat : seats.values()) {
        if (seat.state == State.TOLD) {
          seat.watcher.changed(renewed);
        }
      }
    }
  }

  /** The answer is known to stand as of a snapshot that was taken after this instant. */
  void verified(long nanos, AsOf asOf) {
    for (Seat<M> seat : List.copyOf(seats.values())) {
      if (seat.state == State.WAITING && seat.sinceNanos - nanos <= 0) {
        seat.watcher
            .resumePosition()
            .ifPresentOrElse(position -> resume(seat, position, asOf), () -> tell(seat));
      }
    }
  }

  /** To those who have been waiting since before this instant. */
  void failWaiting(Throwable error, long nanos) {
    for (Seat<M> seat : seats.values()) {
      if (seat.state == State.WAITING && seat.sinceNanos - nanos <= 0) {
        fail(seat, error);
      }
    }
  }

  void failAll(Throwable error) {
    seats.values().forEach(seat -> fail(seat, error));
  }

  /** Ends what is under way. */
  void close() {
    lookUps.dispose();
  }

  private void resume(Seat<M> seat, String position, AsOf asOf) {
    seat.state = State.RESUMING;
    Resumption resumption = new Resumption(position, version);
    List<Seat<M>> sharing = resumptions.get(resumption);
    if (sharing != null) {
      sharing.add(seat);
      return;
    }
    resumptions.put(resumption, new ArrayList<>(List.of(seat)));
    lookUps.add(
        changedSince
            .apply(position)
            .publishOn(scheduler)
            .subscribe(
                changed -> resumed(resumption, changed, asOf), error -> failed(resumption, error)));
  }

  private void resumed(Resumption resumption, boolean changed, AsOf asOf) {
    for (Seat<M> seat : sharing(resumption)) {
      if (changed || version != resumption.version()) {
        tell(seat);
      } else {
        seat.state = State.TOLD;
        seat.watcher.stands(asOf);
      }
    }
  }

  private void failed(Resumption resumption, Throwable error) {
    Throwable told = StatusMapper.toFailure(error).toException(error);
    sharing(resumption).forEach(seat -> fail(seat, told));
  }

  private List<Seat<M>> sharing(Resumption resumption) {
    List<Seat<M>> sharing = resumptions.remove(resumption);
    return sharing == null
        ? List.of()
        : sharing.stream().filter(seat -> seats.get(seat.watcher) == seat).toList();
  }

  private void tell(Seat<M> seat) {
    WatchedAnswer<M> current = answer;
    if (current != null && seat.state != State.FAILED) {
      seat.state = State.TOLD;
      seat.watcher.changed(current);
    }
  }

  private void fail(Seat<M> seat, Throwable error) {
    if (seat.state != State.FAILED) {
      seat.state = State.FAILED;
      seat.watcher.failed(error);
    }
  }
}
