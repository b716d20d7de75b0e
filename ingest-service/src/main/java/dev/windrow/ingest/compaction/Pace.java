package dev.windrow.ingest.compaction;

import dev.windrow.ingest.catalog.Written;
import dev.windrow.ingest.unfolded.Handover;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * When a compactor works. While events arrive, merging more of them at once rewrites each bucket
 * less often: it then rests for several times as long as it has worked, unless a lane is half full
 * of what it carries. While it works it rests as often as it works, unless a lane fills up, so that
 * flushes find a processor. When all is quiet there is nothing to wait for. For one round at a
 * time.
 */
final class Pace {
  private static final int REST_PER_WORK = 4;
  // What other processes have left behind is looked for so often.
  private static final Duration LOOK_AROUND = Duration.ofSeconds(1);
  // Within this time a busy lane ends a flush, and an idle one has its tick.
  private static final Duration GATHERING = Duration.ofMillis(100);

  private static final Duration LONGEST_BREATH = Duration.ofMillis(100);

  private final Written written;
  private final Handover handover;
  private final Duration pause;
  private final Scheduler thread;
  private boolean stirred;
  private long lastEnd = System.nanoTime();
  // Of the round under way, or else the last one; without its breaths.
  private long work;
  private long resumed;

  Pace(Written written, Handover handover, Duration pause, Scheduler thread) {
    this.written = written;
    this.handover = handover;
    this.pause = pause;
    this.thread = thread;
  }

  /** Whether a round should begin. */
  boolean isTime() {
    long rested = System.nanoTime() - lastEnd;
    boolean fresh = written.quietFor(pause) || rested >= REST_PER_WORK * work;
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
    work = 0;
    resumed = System.nanoTime();
  }

  /** To be taken between pieces of work. */
  Mono<Void> breath() {
    return Mono.defer(
        () -> {
          long piece = piece();
          if (handover.isPressing() || written.quietFor(pause)) {
            return Mono.empty();
          }
          Duration rest = Duration.ofNanos(Math.min(piece, LONGEST_BREATH.toNanos()));
          return Mono.delay(rest)
              .publishOn(thread)
              .doOnSuccess(rested -> resumed = System.nanoTime())
              .then();
        });
  }

  // Ends a piece of work; how long it took.
  private long piece() {
    long now = System.nanoTime();
    long piece = now - resumed;
    work += piece;
    resumed = now;
    return piece;
  }

  void end() {
    piece();
    lastEnd = System.nanoTime();
  }

  /** Completes when it may be time for a round. */
  Mono<Void> pause() {
    return Mono.firstWithSignal(Mono.delay(pause).then(), handover.arrival()).publishOn(thread);
  }
}
