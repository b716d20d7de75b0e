package dev.windrow.runtime.error;

import org.jspecify.annotations.Nullable;

/** Carries a {@link Failure} through code that signals by exceptions. */
public final class WindrowException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  WindrowException(Failure failure, @Nullable Throwable cause) {
    // A stack trace says nothing to a caller who sent a bad field, and costs much on a hot path.
    super(failure.message(), cause, false, cause != null);
    this.failure = failure;
  }

  public Failure failure() {
    return failure;
  }
}
