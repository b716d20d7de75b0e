package dev.windrow.query.watch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * What watches ask the database. Each is cancellable, and its errors are as callers may see them.
 */
public interface Reads<M> {
  /** The answer to a question, bounded in time. */
  Mono<WatchedAnswer<M>> answer(WatchedQuestion question);

  /** Whether two answers say the same. */
  boolean sameRows(M one, M other);

  /**
   * Whether something was stored in the question's windows since a position, or nobody can tell.
   */
  Mono<Boolean> changedSince(WatchedQuestion question, String position);

  /**
   * What has become visible.
   *
   * @param since the look before; null for the first, which finds none
   */
  Mono<Changes> changes(@Nullable AsOf since, Duration timeLimit);
}
