package dev.windrow.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The metrics of a service, as Prometheus gets them. */
final class Scrape {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final String text;

  private Scrape(String text) {
    this.text = text;
  }

  static Scrape of(int port) {
    try {
      HttpResponse<String> answer =
          CLIENT.send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException("got " + answer.statusCode());
      }
      return new Scrape(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of the one sample of that name, labels included. */
  double value(String sample) {
    List<String> found = text.lines().filter(line -> line.startsWith(sample + " ")).toList();
    if (found.size() != 1) {
      throw new IllegalStateException(sample + " is there " + found.size() + " times:\n" + text);
    }
    return Double.parseDouble(found.get(0).substring(sample.length() + 1));
  }

  /** The value of a task's sample. */
  double value(String name, String task) {
    return value(name + "{task=\"" + task + "\"}");
  }

  /** What ours are called, and their types, in order. */
  List<String> ours() {
    return text.lines()
        .filter(line -> line.startsWith("# TYPE windrow_"))
        .map(line -> line.substring("# TYPE ".length()))
        .sorted()
        .toList();
  }
}
