package dev.windrow.benchmarks.lane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs jcstress, and does not take its word for it: a machine with fewer CPUs than a test has
 * actors silently runs none, and that would look like success.
 */
public final class LaneStress {
  // A minute instead of ten: one way to compile, the one that reorders at random, by another seed
  // in each fork.
  private static final String[] QUICK = {
    "-m",
    "quick",
    "-sc",
    "false",
    "-iters",
    "2",
    "-f",
    "2",
    "-pth",
    "false",
    "-jvmArgs",
    "-XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM"
  };

  private LaneStress() {}

  /**
   * Takes the preset from the system property {@code mode}: sanity, quick, default, tough, stress.
   * Writes a report into the working folder.
   */
  public static void main(String[] args) throws Exception {
    String mode = System.getProperty("mode", "");
    Options options =
        new Options(
            mode.equals("quick") ? QUICK : new String[] {"-m", mode.isEmpty() ? "default" : mode});
    if (!options.parse()) {
      System.exit(2);
    }
    JCStress stress = new JCStress(options);
    Set<String> tests = new HashSet<>(stress.getTests());
    if (tests.isEmpty()) {
      throw new IllegalStateException("no test matches " + options.getTestFilter());
    }
    // Throws if an outcome was forbidden.
    stress.run();
    long samples = 0;
    for (TestResult result : results(options)) {
      if (result.status() != Status.NORMAL || !result.grading().isPassed) {
        throw new IllegalStateException(result.getName() + ": " + result.status());
      }
      if (result.getTotalCount() > 0) {
        tests.remove(result.getName());
      }
      samples += result.getTotalCount();
    }
    if (!tests.isEmpty()) {
      throw new IllegalStateException("these tests did not run: " + tests);
    }
    System.out.printf("jcstress: all outcomes permitted in %,d samples%n", samples);
  }

  private static List<TestResult> results(Options options) throws Exception {
    // Where nothing could be scheduled, not even an empty file is left.
    if (!Files.exists(Path.of(options.getResultFile()))) {
      return List.of();
    }
    InProcessCollector all = new InProcessCollector();
    DiskReadCollector file = new DiskReadCollector(options.getResultFile(), all);
    file.dump();
    file.close();
    return List.copyOf(all.getTestResults());
  }
}
