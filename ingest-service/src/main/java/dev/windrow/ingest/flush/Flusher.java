package dev.windrow.ingest.flush;

import dev.windrow.ingest.lane.AppendOutcome;
import dev.windrow.ingest.lane.PendingAppend;
import dev.windrow.ingest.unfolded.TakeBackNotes;
import dev.windrow.ingest.unfolded.UnfoldedBounds;
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
 * tried again; a lost database fails the requests; an error of the data itself is narrowed down to
 * the request that bears it, so that the others are stored.
 *
 * <p>When the answer to a COMMIT does not come, the database is asked what became of it, for a
 * bounded time. Nothing can be lost by this: requests are told that they are durable only when the
 * row that their transaction has written is there. Nothing can be stored twice: they are flushed
 * again only when that transaction has ended without effect ({@link FindCommit} says why both can
 * be known). While neither is known they fail, and the ledgers tell when the client repeats.
 */
public final class Flusher {
  private static final Logger log = LoggerFactory.getLogger(Flusher.class);
  private static final int ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  // How long a COMMIT that was not answered is asked for, in all and at once.
  private static final Duration INQUIRY = Duration.ofSeconds(5);
  private static final Duration INQUIRY_STEP = Duration.ofSeconds(2);
  private static final Duration INQUIRY_PAUSE = Duration.ofMillis(50);
  // "no partition of relation found for row": something dropped what was registered.
  private static final String NO_PARTITION = "23514";

  private final FlushContext context;
  private final Scheduler thread;
  private final LaneConnection connection;
  private final FlushTransaction transaction;
  private boolean databaseAway;

  /**
   * A flusher of one lane.
   *
   * @param unfolded how much of the delta the lane may leave unfolded
   * @param thread of the lane
   */
  public Flusher(
      FlushContext context,
      ConnectionFactory factory,
      int lane,
      UnfoldedBounds unfolded,
      Scheduler thread) {
    this.context = context;
    this.thread = thread;
    this.connection = new LaneConnection(factory);
    this.transaction = new FlushTransaction(context, lane, unfolded, thread);
  }

  /** One outcome for each request, in order; never an error. */
  public Mono<List<AppendOutcome>> flush(List<PendingAppend> requests) {
    return attempt(FlushTry.first(requests));
  }

  /**
   * Hands what the lane carries over or writes it, if it is time to; what is left then is for the
   * compactor. Never an error.
   *
   * @param everything whether it is time for all of it
   */
  public Mono<Void> settle(boolean everything) {
    return Mono.defer(
        () -> {
          if (!everything) {
            transaction.handOver();
          }
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

  private Mono<List<AppendOutcome>> attempt(FlushTry attempt) {
    return connection
        .get()
        .publishOn(thread)
        .flatMap(open -> transaction.run(open, attempt))
        .timeout(context.timeout())
        .doOnNext(outcomes -> reached())
        .onErrorResume(
            error ->
                error instanceof StartAgainException again
                    ? startAgain(again, attempt)
                    : abandon().then(Mono.defer(() -> recover(error, attempt))));
  }

  // Nothing of it was encoded or carried yet, so nothing need be forgotten.
  private Mono<List<AppendOutcome>> startAgain(StartAgainException again, FlushTry attempt) {
    if (again.refusals().isEmpty() || attempt.number() >= ATTEMPTS) {
      return narrow(attempt);
    }
    return connection
        .rollback()
        .then(Mono.defer(() -> attempt(attempt.nextWithout(again.refusals()))));
  }

  // The attempt that was given up may still fold: this waits behind it.
  private Mono<Void> abandon() {
    return Mono.<Void>fromRunnable(transaction::abandon).subscribeOn(thread);
  }

  private Mono<List<AppendOutcome>> recover(Throwable error, FlushTry attempt) {
    SentCommit sent = attempt.commit();
    if (sent != null && !isAnswer(error)) {
      return connection.drop().then(Mono.defer(() -> inquire(error, attempt, sent)));
    }
    if (error instanceof TimeoutException) {
      return unavailable(error, attempt);
    }
    if (error instanceof TakeBackNotes.FoldedElsewhereException) {
      return again(error, attempt);
    }
    boolean missing = NO_PARTITION.equals(SqlFailures.sqlState(error));
    if (missing) {
      context.registry().forget();
    }
    return switch (SqlFailures.kind(error)) {
      case UNAVAILABLE, TIMEOUT -> unavailable(error, attempt);
      case CONFLICT -> again(error, attempt);
      case OTHER -> missing ? again(error, attempt) : refused(error, attempt);
    };
  }

  // Whether the server itself has said that the COMMIT failed. A session that is ended may say so
  // after its commit.
  private static boolean isAnswer(Throwable error) {
    return switch (SqlFailures.kind(error)) {
      case CONFLICT -> true;
      case OTHER -> SqlFailures.sqlState(error) != null;
      case UNAVAILABLE, TIMEOUT -> false;
    };
  }

  private Mono<List<AppendOutcome>> inquire(Throwable error, FlushTry attempt, SentCommit sent) {
    log.atInfo()
        .addKeyValue("batch", sent.stamp().batchId())
        .addKeyValue("error", error)
        .log("a COMMIT was not answered, the database is asked for it");
    return fate(sent)
        .timeout(INQUIRY, Mono.just(FindCommit.Fate.UNKNOWN))
        .flatMap(
            fate ->
                switch (fate) {
                  case COMMITTED -> Mono.just(sent.outcomes()).doOnNext(outcomes -> reached());
                  case NOT_COMMITTED -> again(error, attempt);
                  case UNKNOWN -> unavailable(error, attempt);
                });
  }

  // The server may not know yet: its session can take a while to see that its client has gone.
  private Mono<FindCommit.Fate> fate(SentCommit sent) {
    return ask(sent)
        .flatMap(
            fate ->
                fate == FindCommit.Fate.UNKNOWN
                    ? Mono.delay(INQUIRY_PAUSE).then(Mono.defer(() -> fate(sent)))
                    : Mono.just(fate));
  }

  private Mono<FindCommit.Fate> ask(SentCommit sent) {
    return connection
        .get()
        .flatMap(open -> FindCommit.run(open, context.tenantId(), sent))
        .timeout(INQUIRY_STEP)
        .onErrorResume(e -> connection.drop().thenReturn(FindCommit.Fate.UNKNOWN));
  }

  private Mono<List<AppendOutcome>> again(Throwable error, FlushTry attempt) {
    if (attempt.number() >= ATTEMPTS) {
      return unavailable(error, attempt);
    }
    return connection
        .rollback()
        .then(Mono.delay(PAUSE.multipliedBy(attempt.number())))
        .then(Mono.defer(() -> attempt(attempt.next())));
  }

  private Mono<List<AppendOutcome>> refused(Throwable error, FlushTry attempt) {
    List<PendingAppend> requests = attempt.requests();
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
    return narrow(attempt);
  }

  private static boolean isAboutData(Throwable error) {
    String state = SqlFailures.sqlState(error);
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  private Mono<List<AppendOutcome>> narrow(FlushTry attempt) {
    int size = attempt.requests().size();
    int half = size / 2;
    List<AppendOutcome> all = new ArrayList<>();
    return connection
        .rollback()
        .then(Mono.defer(() -> attempt(attempt.part(0, half))))
        .doOnNext(all::addAll)
        .then(Mono.defer(() -> attempt(attempt.part(half, size))))
        .doOnNext(all::addAll)
        .thenReturn(all);
  }

  private Mono<List<AppendOutcome>> unavailable(Throwable error, FlushTry attempt) {
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
    return connection.drop().thenReturn(Collections.nCopies(attempt.requests().size(), failed));
  }

  private void reached() {
    context.announcer().committed();
    if (databaseAway) {
      databaseAway = false;
      log.info("the database is reached again");
    }
  }
}
