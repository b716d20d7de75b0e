package dev.windrow.runtime.sql;

import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.error.WindrowException;
import io.grpc.Status;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientResourceException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.core.Exceptions;

/** The one place where an SQLSTATE becomes a {@link Failure}. */
public final class SqlFailures {
  private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
  // Classes: the connection; what the server has too little of, such as disk; its system, such as a
  // disk that fails.
  private static final Set<String> UNAVAILABLE = Set.of("08", "53", "58");

  private SqlFailures() {}

  /** The error as callers may see it; what is no database error passes through. */
  public static Throwable translate(Throwable error) {
    if (error instanceof WindrowException) {
      return error;
    }
    return switch (kind(error)) {
      case UNAVAILABLE ->
          Failure.retryable(
                  Status.Code.UNAVAILABLE,
                  "DATABASE_UNAVAILABLE",
                  "the database cannot be reached",
                  RETRY_PAUSE)
              .toException(error);
      case CONFLICT ->
          Failure.retryable(
                  Status.Code.UNAVAILABLE,
                  "DATABASE_CONFLICT",
                  "another transaction was in the way",
                  RETRY_PAUSE)
              .toException(error);
      case TIMEOUT ->
          Failure.of(
                  Status.Code.DEADLINE_EXCEEDED,
                  "DEADLINE_EXCEEDED",
                  "the deadline has passed",
                  Map.of())
              .toException(error);
      case OTHER -> error;
    };
  }

  /** Whether the same may go well in a moment, by a translated error. */
  public static boolean isRetryable(Throwable error) {
    return error instanceof WindrowException known && known.failure().retryAfter() != null;
  }

  /**
   * Of the errors of statements that were sent at once, that of the first: the others follow from
   * it.
   */
  public static Throwable first(Throwable error) {
    return Exceptions.isMultiple(error) ? Exceptions.unwrapMultiple(error).get(0) : error;
  }

  /** What kind of trouble an error is. */
  public static Kind kind(Throwable error) {
    String state = sqlState(error);
    if (state == null || state.length() < 5) {
      return isConnectionTrouble(error) ? Kind.UNAVAILABLE : Kind.OTHER;
    }
    return switch (state) {
      case "57014" -> Kind.TIMEOUT;
      case "40001", "40P01", "55P03" -> Kind.CONFLICT;
      // The server ends the session, starts or stops, or does not let us in.
      case "57P01",
          "57P02",
          "57P03",
          "57P04",
          "57P05",
          "25P03",
          "25P04",
          "25006",
          "55000",
          "3D000",
          "28000",
          "28P01" ->
          Kind.UNAVAILABLE;
      default -> UNAVAILABLE.contains(state.substring(0, 2)) ? Kind.UNAVAILABLE : Kind.OTHER;
    };
  }

  /** The five characters of PostgreSQL, if the error has them. */
  public static @Nullable String sqlState(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof R2dbcException sql && sql.getSqlState() != null) {
        return sql.getSqlState();
      }
    }
    return null;
  }

  private static boolean isConnectionTrouble(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof IOException
          || e instanceof TimeoutException
          || e instanceof R2dbcNonTransientResourceException
          || e instanceof R2dbcTransientResourceException) {
        return true;
      }
    }
    return false;
  }

  /** Kinds of database trouble. */
  public enum Kind {
    /** The database is away, or the connection was lost: what was under way may have happened. */
    UNAVAILABLE,
    /** A deadlock, a serialization failure or a lock that was not had: nothing happened. */
    CONFLICT,
    /** The statement was stopped by its timeout or by a cancel. */
    TIMEOUT,
    /** Anything else. */
    OTHER
  }
}
