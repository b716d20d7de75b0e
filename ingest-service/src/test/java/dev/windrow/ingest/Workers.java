package dev.windrow.ingest;

import dev.windrow.migrations.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Processes that work at jobs, by the names that they give themselves. */
final class Workers implements AutoCloseable {
  private static final Path CLASSES = Path.of("target", "worker.jsa");

  private final TestDatabase database;
  private final String slots;
  private final Map<String, Process> processes = new HashMap<>();
  private int started;

  Workers(TestDatabase database, int slots) {
    this.database = database;
    this.slots = Integer.toString(slots);
  }

  /**
   * Starts the first one, which keeps the classes that it has loaded by the time of {@link #learn},
   * so that the others start in a fraction of the time.
   */
  void startLearning() throws IOException {
    Files.deleteIfExists(CLASSES);
    start("-XX:ArchiveClassesAtExit=" + CLASSES);
  }

  /** Ends the first one, in peace. */
  void learn() throws InterruptedException {
    Process first = Objects.requireNonNull(processes.remove("worker-1"));
    first.destroy();
    first.waitFor();
  }

  /** Begins to start another one. */
  void start() throws IOException {
    start("-XX:SharedArchiveFile=" + CLASSES);
  }

  private void start(String option) throws IOException {
    String name = "worker-" + ++started;
    Map<String, String> settings =
        IngestHarness.settings(
            database,
            "INSTANCE_ID",
            name,
            "WINDROW_JOB_LEASE",
            "PT2S",
            "WINDROW_JOB_SLOTS",
            slots,
            "WINDROW_JOB_PER_CLIENT",
            slots,
            "WINDROW_LANES",
            "1",
            // The harness compacts.
            "WINDROW_COMPACTION_PAUSE",
            "PT1S",
            "WINDROW_VERIFY_PERCENT",
            "0");
    processes.put(name, IngestProcess.start(name, settings, option, "-XX:+UseSerialGC"));
  }

  void kill(String name) throws InterruptedException {
    Objects.requireNonNull(processes.remove(name), name).destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    processes.values().forEach(Process::destroyForcibly);
    processes.values().forEach(process -> process.onExit().join());
  }
}
