package dev.windrow.runtime.lifecycle;

/** A part that is started once and closed once; closing is idempotent and bounded in time. */
public interface Service extends AutoCloseable {
  /** Starts serving; what it needs from outside may still be away. */
  void start() throws Exception;

  /** The port it listens on, once started. */
  int port();

  @Override
  void close();
}
