package dev.windrow.quickstart;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/** The program behind the README's first command. */
public final class Quickstart {
  private Quickstart() {}

  /**
   * Starts everything, loads the flights, asks, reports, and stays until it is stopped.
   *
   * @throws IllegalStateException if an answer is wrong
   */
  public static void main(String[] args) throws Exception {
    System.setProperty("logback.configurationFile", "dev/windrow/quickstart/logback.xml");
    QuickstartSettings settings = QuickstartSettings.fromProperties();
    PrintStream out = System.out;
    long begin = System.nanoTime();
    Stack stack = Stack.start(settings, out);
    Thread hook = new Thread(stack::close, "quickstart-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    boolean right;
    try (LiveTicks live = new LiveTicks(new AppendClient(stack.ingest(), "quickstart-live"))) {
      Load.flights(stack.ingest(), out);
      live.start();
      right = new Report(stack.query(), out).print(live);
      out.printf("%.1f s from start to this report.%n", (System.nanoTime() - begin) / 1e9);
      if (!settings.exit()) {
        Invitation.print(stack, settings, out);
        new CountDownLatch(1).await();
      }
    } finally {
      if (settings.exit()) {
        Runtime.getRuntime().removeShutdownHook(hook);
        stack.close();
      }
    }
    if (!right) {
      throw new IllegalStateException("an answer is wrong; see the report above");
    }
  }
}
