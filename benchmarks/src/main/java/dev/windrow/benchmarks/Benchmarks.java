package dev.windrow.benchmarks;

import dev.windrow.benchmarks.ingest.IngestBenchmark;

/** The program behind {@code -Dbench}: a benchmark by name, or else a JMH pattern. */
public final class Benchmarks {
  private Benchmarks() {}

  /** Runs what its one argument names. */
  public static void main(String[] args) throws Exception {
    if (args.length != 1) {
      System.err.println("bench: exactly one name is needed, got " + args.length);
      System.exit(2);
    }
    if (args[0].equals("ingest")) {
      IngestBenchmark.main(args);
    } else {
      org.openjdk.jmh.Main.main(args);
    }
  }
}
