package dev.windrow.runtime.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /metrics} over HTTP, in the Prometheus text format. On a few threads of its
 * own: neither an event loop nor a lane ever waits for who asks, and who asks is answered whatever
 * they are doing. What is asked beyond the threads and a short queue is dropped.
 */
final class MetricsEndpoint implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(MetricsEndpoint.class);

  private static final String PATH = "/metrics";
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  // One that reads slowly does not keep the next one waiting.
  private static final int THREADS = 2;
  private static final int QUEUE = 16;
  // Who sends half of a request, or does not read the answer, must not keep a thread for ever. The
  // server of the JDK reads these, in seconds, when its class is loaded.
  private static final String MOST_SECONDS = "10";

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Supplier<String> scrape;

  static {
    for (String bound : new String[] {"maxReqTime", "maxRspTime"}) {
      String property = "sun.net.httpserver." + bound;
      if (System.getProperty(property) == null) {
        System.setProperty(property, MOST_SECONDS);
      }
    }
  }

  private MetricsEndpoint(HttpServer server, ThreadPoolExecutor threads, Supplier<String> scrape) {
    this.server = server;
    this.threads = threads;
    this.scrape = scrape;
  }

  /**
   * Listens.
   *
   * @param port 0 lets the system choose
   * @param scrape the metrics as text; called by any of the threads
   */
  static MetricsEndpoint open(int port, Supplier<String> scrape) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(port), QUEUE);
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "metrics-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    MetricsEndpoint endpoint = new MetricsEndpoint(server, threads, scrape);
    server.setExecutor(threads);
    server.createContext("/", endpoint::answer);
    server.start();
    return endpoint;
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!PATH.equals(exchange.getRequestURI().getPath())) {
        exchange.sendResponseHeaders(404, -1);
      } else if (!"GET".equals(exchange.getRequestMethod())) {
        exchange.getResponseHeaders().set("Allow", "GET");
        exchange.sendResponseHeaders(405, -1);
      } else {
        tell(exchange);
      }
    }
  }

  private void tell(HttpExchange exchange) throws IOException {
    byte[] body;
    try {
      body = scrape.get().getBytes(StandardCharsets.UTF_8);
    } catch (RuntimeException e) {
      log.warn("metrics could not be told", e);
      exchange.sendResponseHeaders(500, -1);
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", TEXT);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
  }
}
