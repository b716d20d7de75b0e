package dev.windrow.benchmarks.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What must not fall into the measured time. */
public final class BeforeTheClock {
  private BeforeTheClock() {}

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  // Longer than between two bursts of what the file system does behind.
  private static final long AT_REST_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  /**
   * Writes dirty pages out, collects the garbage of having encoded the events, and waits until the
   * disk is at rest, for a bounded time.
   */
  public static void settle(Connection admin) throws SQLException {
    System.gc();
    Sql.run(admin, "CHECKPOINT");
    try {
      awaitQuickFsync();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // Tables that were emptied leave gigabytes to the file system to free, and every fsync waits; in
  // between, some are quick.
  private static void awaitQuickFsync() throws IOException {
    Path probe = Files.createTempFile("windrow-fsync", null);
    try (FileChannel file = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      long first = System.nanoTime();
      long restingSince = first;
      long now = first;
      while (now - restingSince < AT_REST_NANOS && now - first < PATIENCE_NANOS) {
        file.write(ByteBuffer.allocate(8192));
        long begin = System.nanoTime();
        file.force(true);
        now = System.nanoTime();
        if (now - begin >= QUICK_NANOS) {
          restingSince = now;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } finally {
      Files.delete(probe);
    }
  }
}
