package dev.windrow.ingest.flush;

import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.SqlFailures;
import io.grpc.Status;
import io.r2dbc.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Flushes the requests of one lane, whatever happens: every request gets an outcome. A conflict is
 * tried again; a lost database fails the requests (whether a COMMIT that was under way took effect
 * is then for the ledgers to tell, when the client repeats); an error of the data itself is
 * narrowed down to the request that bears it, so that the others are stored.
 */
public final class Flusher {
  private static final Logger log = LoggerFactory.getLogger(Flusher.class);
  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  // "no partition of relation found for row": something dropped what was registered.
  private static final String NO_PARTITION = "23514";

  private final FlushContext context;
  private final Scheduler thread;
  private final LaneConnection connection;
  private final FlushTransaction transaction;
  private boolean databaseAway;

  public Flusher(FlushContext context, ConnectionFactory factory, int lane, Scheduler thread) {
    this.context = context;
    this.thread = thread;
    this.connection = new LaneConnection(factory);
    this.transaction = new FlushTransaction(context, lane, thread);
  }

  /** One outcome for each request, in order; never an error. */
  public Mono<List<AppendOutcome>> flush(List<PendingAppend> requests) {
    return attempt(requests, 1);
  }

  /**
   * Writes what the lane carries, if it is time to; what is left then is for the compactor. Never
   * an error.
   *
   * @param everything whether it is time for all of it
   */
  public Mono<Void> settle(boolean everything) {
    return Mono.defer(
        () -> {
          if (!transaction.owes(everything)) {
            return Mono.empty();
          }
          return connection
              .get()
              .flatMap(transaction::settle)
              .timeout(context.timeout())
              .onErrorResume(
                  error -> {
                    log.warn("what a lane carries could not be written: {}", error.toString());
                    return abandon().then(Mono.defer(connection::drop));
                  });
        });
  }

  /** Closes the connection. */
  public Mono<Void> close() {
    return connection.drop();
  }

  private Mono<List<AppendOutcome>> attempt(List<PendingAppend> requests, int attempt) {
    return connection
        .get()
        .publishOn(thread)
        .flatMap(open -> transaction.run(open, requests))
        .timeout(context.timeout())
        .doOnNext(outcomes -> reached())
        .onErrorResume(
            error -> abandon().then(Mono.defer(() -> recover(error, requests, attempt))));
  }

  // The attempt that was given up may still encode: this waits behind it.
  private Mono<Void> abandon() {
    return Mono.<Void>fromRunnable(transaction::abandon).subscribeOn(thread);
  }

  private Mono<List<AppendOutcome>> recover(
      Throwable error, List<PendingAppend> requests, int attempt) {
    if (error instanceof TimeoutException) {
      return unavailable(error, requests);
    }
    if (error instanceof TakeBackNotes.FoldedElsewhereException) {
      return again(error, requests, attempt);
    }
    boolean missing = NO_PARTITION.equals(SqlFailures.sqlState(error));
    if (missing) {
      context.registry().forget();
    }
    return switch (SqlFailures.kind(error)) {
      case UNAVAILABLE, TIMEOUT -> unavailable(error, requests);
      case CONFLICT -> again(error, requests, attempt);
      case OTHER -> missing ? again(error, requests, attempt) : refused(error, requests);
    };
  }

  private Mono<List<AppendOutcome>> again(
      Throwable error, List<PendingAppend> requests, int attempt) {
    if (attempt >= ATTEMPTS) {
      return unavailable(error, requests);
    }
    return connection
        .rollback()
        .then(Mono.delay(PAUSE.multipliedBy(attempt)))
        .then(Mono.defer(() -> attempt(requests, attempt + 1)));
  }

  private Mono<List<AppendOutcome>> refused(Throwable error, List<PendingAppend> requests) {
    if (requests.size() == 1 || !isAboutData(error)) {
      log.error("requests cannot be stored", error);
      context.registry().forget();
      var failure =
          Failure.of(
              Status.Code.INTERNAL, "NOT_STORED", "the request could not be stored", Map.of());
      return connection
          .rollback()
          .thenReturn(Collections.nCopies(requests.size(), new AppendOutcome.Failed(failure)));
    }
    return narrow(requests);
  }

  private static boolean isAboutData(Throwable error) {
    String state = SqlFailures.sqlState(error);
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  private Mono<List<AppendOutcome>> narrow(List<PendingAppend> requests) {
    int half = requests.size() / 2;
    List<AppendOutcome> all = new ArrayList<>();
    return connection
        .rollback()
        .then(Mono.defer(() -> attempt(requests.subList(0, half), 1)))
        .doOnNext(all::addAll)
        .then(Mono.defer(() -> attempt(requests.subList(half, requests.size()), 1)))
        .doOnNext(all::addAll)
        .thenReturn(all);
  }

  private Mono<List<AppendOutcome>> unavailable(Throwable error, List<PendingAppend> requests) {
    if (!databaseAway) {
      databaseAway = true;
      log.warn("the database cannot be reached: {}", error.toString());
    }
    AppendOutcome failed =
        new AppendOutcome.Failed(
            Failure.retryable(
                Status.Code.UNAVAILABLE,
                "DATABASE_UNAVAILABLE",
                "the database cannot be reached; the request is not acknowledged",
                RETRY_AFTER));
    return connection.drop().thenReturn(Collections.nCopies(requests.size(), failed));
  }

  private void reached() {
    if (databaseAway) {
      databaseAway = false;
      log.info("the database is reached again");
    }
  }
}
