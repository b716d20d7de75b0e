package dev.windrow.query.watch;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The one thread on which watches change: what is confined to it needs no lock. It never waits and
 * does little: answers are made, compared, and sent on others. Once closed it does nothing.
 */
final class WatchThread {
  private final Scheduler scheduler = Schedulers.newSingle("watches", true);

  Scheduler scheduler() {
    return scheduler;
  }

  void run(Runnable task) {
    try {
      scheduler.schedule(task);
    } catch (RejectedExecutionException closed) {
      // Whoever is told nothing more has been ended before.
    }
  }

  Disposable after(Duration delay, Runnable task) {
    try {
      return scheduler.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException closed) {
      return Disposables.disposed();
    }
  }

  void close() {
    scheduler.dispose();
  }
}
