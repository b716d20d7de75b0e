package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.unfolded.Handover;
import java.time.Duration;
import java.util.function.LongSupplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * When a compactor works. While events arrive, merging more of them at once rewrites each bucket
 * less often: it then rests for several times as long as it has worked, unless a lane is half full
 * of what it carries. When all is quiet there is nothing to wait for. For one round at a time.
 *
 * <p>Within a round, what it asks of the server at once takes no longer than a flush, and flushes
 * have the processors for themselves in between: in one go, a round made all those slow that met
 * it. Its parts are spread over the time that a round may take, unless a lane needs it to end.
 */
final class Pace {
  private static final int REST_PER_WORK = 9;
  // Who is that far behind, or has failed after so long, must not fall behind further.
  private static final Duration LONGEST_REST = Duration.ofSeconds(10);
  // What other processes have left behind is looked for so often.
  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);
  // Within this time a busy lane ends a flush, and an idle one has its tick.
  private static final Duration GATHERING = Duration.ofMillis(100);
  // A round that rests longer than it works costs no more, but its transaction is open for longer.
  private static final int REST_PER_PART = 2;
  private static final Duration LONGEST_REST_PER_PART = Duration.ofMillis(100);
  // It rests less the more of this is over: lanes have filled up again soon after.
  private static final Duration LEISURE = Duration.ofSeconds(4);

  private final Written written;
  private final Handover handover;
  private final Duration pause;
  private final Scheduler thread;
  private final LongSupplier nanoTime;
  private boolean stirred;
  private long lastEnd;
  // Of the last round.
  private long work;
  private long begin;
  private long restWithin;
  private boolean turnedAway;
  private volatile boolean closing;

  /**
   * @param pause between looks at whether there is something to do
   * @param nanoTime as {@link System#nanoTime}
   */
  Pace(
      Written written, Handover handover, Duration pause, Scheduler thread, LongSupplier nanoTime) {
    this.written = written;
    this.handover = handover;
    this.pause = pause;
    this.thread = thread;
    this.nanoTime = nanoTime;
    lastEnd = nanoTime.getAsLong();
  }

  /** Whether a round should begin. */
  boolean isTime() {
    long rested = nanoTime.getAsLong() - lastEnd;
    long rest = Math.min(REST_PER_WORK * work, LONGEST_REST.toNanos());
    boolean fresh = written.quietFor(pause) || rested >= rest;
    handover.want(fresh ? Handover.Want.LATE : Handover.Want.HALF);
    stirred |= written.takeStirred();
    return handover.isWaiting() || (fresh && (stirred || rested >= LOOK_AROUND.toNanos()));
  }

  /** Completes when all lanes have brought what they carry, if one has. */
  Mono<Void> gathered() {
    return Mono.defer(
        () -> {
          if (!handover.isWaiting() || handover.isComplete()) {
            return Mono.empty();
          }
          handover.want(Handover.Want.ANY);
          return Mono.delay(GATHERING).publishOn(thread).then();
        });
  }

  void begin() {
    handover.want(Handover.Want.HALF);
    stirred = false;
    restWithin = 0;
    begin = nanoTime.getAsLong();
  }

  /** Whether a round had better take its time. */
  boolean isLeisurely() {
    return nanoTime.getAsLong() - begin < LEISURE.toNanos()
        && !closing
        && !written.quietFor(pause)
        && !handover.isUrgent();
  }

  /**
   * Completes when a round may go on.
   *
   * @param workedNanos its last part took
   * @param partsLeft that will take about as long, at least 1
   */
  Mono<Void> breathe(long workedNanos, int partsLeft) {
    if (!isLeisurely()) {
      return Mono.empty();
    }
    long from = nanoTime.getAsLong();
    long share = (begin + LEISURE.toNanos() - from) / partsLeft;
    long rest =
        Math.min(
            share - workedNanos,
            Math.min(REST_PER_PART * workedNanos, LONGEST_REST_PER_PART.toNanos()));
    if (rest <= 0) {
      return Mono.empty();
    }
    return Mono.delay(Duration.ofNanos(rest))
        .publishOn(thread)
        .doOnNext(over -> restWithin += nanoTime.getAsLong() - from)
        .then();
  }

  void end() {
    lastEnd = nanoTime.getAsLong();
    work = lastEnd - begin - restWithin;
  }

  /** No round may rest from now on. For any thread. */
  void close() {
    closing = true;
  }

  /** Whether another replica was at work, so that what waits must wait on. */
  void turnedAway(boolean busy) {
    turnedAway = busy;
  }

  /** Completes when it may be time for a round. */
  Mono<Void> pause() {
    Mono<Void> rest = Mono.delay(pause).then();
    return (turnedAway ? rest : Mono.firstWithSignal(rest, handover.arrival())).publishOn(thread);
  }
}
