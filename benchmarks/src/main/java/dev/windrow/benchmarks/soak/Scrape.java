package dev.windrow.benchmarks.soak;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The metrics of a service at one time, as Prometheus gets them. */
record Scrape(String text) {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  static Scrape of(int port) throws IOException, InterruptedException {
    HttpResponse<String> answer =
        CLIENT.send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("metrics: must be there, got " + answer.statusCode());
    }
    return new Scrape(answer.body());
  }

  /** The sum of all samples whose name and labels begin so; there must be one. */
  double sum(String begin) {
    double[] values =
        text.lines()
            .filter(line -> line.startsWith(begin))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .toArray();
    if (values.length == 0) {
      throw new IllegalStateException("metrics: must have " + begin);
    }
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
