package dev.windrow.benchmarks.soak;

import dev.windrow.benchmarks.harness.ServiceProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A service's process, looked at from outside.
 *
 * @param metricsPort where it tells its metrics
 */
record Patient(ServiceProcess service, int metricsPort) {
  private static final double MIB = 1 << 20;

  /** Collects its garbage, and looks. */
  Vitals look() throws IOException, InterruptedException {
    String pid = Long.toString(service.pid());
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    int status =
        new ProcessBuilder(jcmd.toString(), pid, "GC.run")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (status != 0) {
      throw new IllegalStateException("jcmd: must be able to reach " + pid + ", got " + status);
    }
    double heap = Scrape.of(metricsPort).sum("jvm_memory_used_bytes{area=\"heap\"") / MIB;
    return new Vitals(heap, count(pid, "fd"), count(pid, "task"));
  }

  private static int count(String pid, String folder) {
    // Only Linux has this.
    String[] entries = new File("/proc/" + pid + "/" + folder).list();
    return entries == null ? 0 : entries.length;
  }
}
