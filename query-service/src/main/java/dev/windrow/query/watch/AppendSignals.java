package dev.windrow.query.watch;

import dev.windrow.runtime.sql.AppendedChannel;
import dev.windrow.runtime.sql.Listening;
import io.r2dbc.spi.ConnectionFactory;

/** Listens for ingest-services that tell of commits. Used by one thread. */
public final class AppendSignals {
  private final Listening listening;
  private final String tenant;

  /** Listens to nothing yet. */
  public AppendSignals(ConnectionFactory factory, String tenant) {
    this.listening = new Listening(factory, AppendedChannel.NAME);
    this.tenant = tenant;
  }

  /**
   * Begins.
   *
   * @param told run when something may have been committed; by any thread
   */
  void start(Runnable told) {
    listening.start(
        payload -> {
          if (payload.isEmpty() || payload.equals(tenant)) {
            told.run();
          }
        });
  }

  void stop() {
    listening.stop();
  }
}
