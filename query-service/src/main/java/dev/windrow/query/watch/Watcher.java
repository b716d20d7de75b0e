package dev.windrow.query.watch;

import java.time.Duration;
import java.util.Optional;

/**
 * Who watches. It is told by one thread, in this order: an answer, or that there is none newer than
 * what it has; then each answer that differs from the one before; at last, perhaps, an error. It
 * must not keep that thread.
 */
public interface Watcher<M> {
  /** The least time between the answers that it wants; what comes faster it may drop. */
  Duration pace();

  /** The position up to which it had the answers before; empty if it has none. */
  Optional<String> resumePosition();

  /** The answer, from now on. */
  void changed(WatchedAnswer<M> answer);

  /** The last answer stands, as of a snapshot that may be newer. */
  void stands(AsOf asOf);

  /** Nothing more is told. */
  void failed(Throwable error);
}
