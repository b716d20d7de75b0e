package dev.windrow.runtime.lifecycle;

import dev.windrow.runtime.config.InvalidSettingsException;
import dev.windrow.runtime.config.Settings;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one service as the process: settings, start, wait for SIGTERM, drain, exit code. */
public final class ServiceMain {
  private static final Logger log = LoggerFactory.getLogger(ServiceMain.class);

  private ServiceMain() {}

  /** Exits with 0 after a drain, with 2 for settings that do not let it start, with 1 otherwise. */
  public static void run(String name, Function<Settings, Service> compose) {
    Service service;
    try {
      Settings settings = new Settings(System.getenv());
      service = compose.apply(settings);
    } catch (InvalidSettingsException e) {
      System.err.println(name + " cannot start: " + e.getMessage());
      System.exit(2);
      return;
    }
    Thread drain = new Thread(() -> drain(name, service), "drain");
    Runtime.getRuntime().addShutdownHook(drain);
    try {
      service.start();
      log.atInfo()
          .addKeyValue("service", name)
          .addKeyValue("port", service.port())
          .log("listening");
    } catch (Exception e) {
      System.err.println(name + " cannot start: " + e.getMessage());
      Runtime.getRuntime().removeShutdownHook(drain);
      service.close();
      System.exit(1);
    }
    // The server's threads are daemons: this one keeps the process until a signal ends it.
    awaitSignal();
  }

  private static void drain(String name, Service service) {
    service.close();
    log.atInfo().addKeyValue("service", name).log("stopped");
    // A JVM that a signal ends would say 128 + signal, which an orchestrator takes for a crash.
    Runtime.getRuntime().halt(0);
  }

  private static void awaitSignal() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
