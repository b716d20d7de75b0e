package dev.windrow.runtime.sql;

/**
 * The channel on which an ingest-service tells that it has committed, for those who wait for it.
 * The payload is the name of the tenant. Nothing may depend on it: what is told is lost whenever a
 * connection is.
 */
public final class AppendedChannel {
  /** As LISTEN and {@code pg_notify} have it. */
  public static final String NAME = "windrow_appended";

  private AppendedChannel() {}
}
