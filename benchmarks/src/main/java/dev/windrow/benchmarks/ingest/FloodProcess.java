package dev.windrow.benchmarks.ingest;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link FloodMain} in a JVM of its own, so that it shares no threads with who is measured. */
final class FloodProcess implements AutoCloseable {
  private static final List<String> JVM_OPTIONS = List.of("-Xms256m", "-Xmx256m");

  private final Process process;
  private final BufferedReader out;

  private FloodProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it and waits until all its streams have had answers. */
  static FloodProcess start(int port) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(JVM_OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(FloodMain.class.getName(), Integer.toString(port)));
    FloodProcess flood =
        new FloodProcess(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    flood.expect("flooding");
    return flood;
  }

  /** Stops it once everything is answered; gives the number of events, all of them stored. */
  long stop() throws IOException {
    process.getOutputStream().close();
    String[] counts = line().split(" ", -1);
    if (counts.length != 2 || !counts[0].equals(counts[1])) {
      throw new IllegalStateException(
          "flood: all sent must be stored, got " + String.join(" ", counts));
    }
    return Long.parseLong(counts[0]);
  }

  private void expect(String wanted) throws IOException {
    String line = line();
    if (!line.equals(wanted)) {
      throw new IllegalStateException("flood: must say " + wanted + ", got " + line);
    }
  }

  private String line() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IllegalStateException("flood: ended before its time");
    }
    return line;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
