package dev.windrow.runtime.sql;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of connections for {@link SnapshotReads}, which finds out by itself that a connection is
 * dead.
 */
public final class ReadPool {
  private static final Logger log = LoggerFactory.getLogger(ReadPool.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MAX_LIFE = Duration.ofMinutes(30);
  private static final Duration MAX_IDLE = Duration.ofMinutes(5);

  private ReadPool() {}

  /** A pool that opens its first connection when it is asked for one. */
  public static ConnectionPool of(ConnectionFactory factory, int maxSize) {
    return of(factory, maxSize, ACQUIRE_TIMEOUT);
  }

  /**
   * A pool that opens its first connection when it is asked for one.
   *
   * @param acquireTimeout how long to wait while all connections are in use
   */
  public static ConnectionPool of(ConnectionFactory factory, int maxSize, Duration acquireTimeout) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(factory)
            .initialSize(0)
            .maxSize(maxSize)
            .validationDepth(ValidationDepth.LOCAL)
            // SnapshotReads knows when it helps to try again.
            .acquireRetry(0)
            .maxAcquireTime(acquireTimeout)
            .maxLifeTime(MAX_LIFE)
            .maxIdleTime(MAX_IDLE)
            .build());
  }

  /**
   * Closes a pool with all that is in it. Whatever goes wrong is no trouble: a connection whose
   * server has ended cannot be closed in order.
   */
  public static void close(ConnectionPool pool) {
    try {
      pool.disposeLater().block(CLOSE_TIMEOUT);
    } catch (RuntimeException e) {
      log.debug("a pool could not be closed in order: {}", e.toString());
    }
  }
}
