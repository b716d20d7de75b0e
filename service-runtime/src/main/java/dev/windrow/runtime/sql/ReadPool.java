package dev.windrow.runtime.sql;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;

/** A pool of connections for reading, which finds out by itself that the database was away. */
public final class ReadPool {
  private static final Duration VALIDATION_TIMEOUT = Duration.ofMillis(500);
  private static final Duration ACQUIRE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MAX_LIFE = Duration.ofMinutes(30);
  private static final Duration MAX_IDLE = Duration.ofMinutes(5);

  private ReadPool() {}

  /** A pool that opens its first connection when it is asked for one. */
  public static ConnectionPool of(ConnectionFactory factory, int maxSize) {
    return new ConnectionPool(
        ConnectionPoolConfiguration.builder(factory)
            .initialSize(0)
            .maxSize(maxSize)
            .validationDepth(ValidationDepth.REMOTE)
            .maxValidationTime(VALIDATION_TIMEOUT)
            // After a restart of the database every pooled connection may be dead, one after the
            // other; the attempt after the last of them opens a new one.
            .acquireRetry(maxSize)
            .maxAcquireTime(ACQUIRE_TIMEOUT)
            .maxLifeTime(MAX_LIFE)
            .maxIdleTime(MAX_IDLE)
            .build());
  }
}
