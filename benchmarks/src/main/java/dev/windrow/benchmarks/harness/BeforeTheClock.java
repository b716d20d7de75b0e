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

/** What must not fall into the measured time. */
public final class BeforeTheClock {
  private BeforeTheClock() {}

  private static final long QUICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int QUICK_ONES = 20;
  private static final int MOST = 2_000;

  /**
   * Writes dirty pages out, collects the garbage of having encoded the events, and waits until the
   * disk is at rest.
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

  // Tables that were emptied leave gigabytes to the file system to free, and every fsync waits.
  private static void awaitQuickFsync() throws IOException {
    Path probe = Files.createTempFile("windrow-fsync", null);
    try (FileChannel file = FileChannel.open(probe, StandardOpenOption.WRITE)) {
      int quick = 0;
      for (int i = 0; i < MOST && quick < QUICK_ONES; i++) {
        file.write(ByteBuffer.allocate(8192));
        long begin = System.nanoTime();
        file.force(true);
        quick = System.nanoTime() - begin < QUICK_NANOS ? quick + 1 : 0;
      }
    } finally {
      Files.delete(probe);
    }
  }
}
