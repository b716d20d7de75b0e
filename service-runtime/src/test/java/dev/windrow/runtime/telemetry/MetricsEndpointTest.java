package dev.windrow.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
  private final HttpClient client = HttpClient.newHttpClient();

  private static HttpRequest.Builder request(MetricsEndpoint endpoint, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + endpoint.port() + path));
  }

  private HttpResponse<String> get(MetricsEndpoint endpoint, String path)
      throws IOException, InterruptedException {
    return client.send(request(endpoint, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void get_tellsTheMetricsAsText() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.open(0, () -> "up 1\n")) {
      HttpResponse<String> answer = get(endpoint, "/metrics");

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue("text/plain; version=0.0.4; charset=utf-8");
      assertThat(answer.body()).isEqualTo("up 1\n");
    }
  }

  @Test
  void anythingElse_isRefused() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.open(0, () -> "up 1\n")) {
      assertThat(get(endpoint, "/").statusCode()).isEqualTo(404);
      assertThat(get(endpoint, "/metrics/more").statusCode()).isEqualTo(404);
      HttpResponse<String> post =
          client.send(
              request(endpoint, "/metrics")
                  .POST(HttpRequest.BodyPublishers.ofString("up 0"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(post.statusCode()).isEqualTo(405);
      assertThat(post.headers().firstValue("Allow")).hasValue("GET");
    }
  }

  @Test
  void metricsThatFail_endTheirRequestAlone() throws Exception {
    AtomicBoolean broken = new AtomicBoolean(true);
    try (MetricsEndpoint endpoint =
        MetricsEndpoint.open(
            0,
            () -> {
              if (broken.get()) {
                throw new IllegalStateException("broken");
              }
              return "up 1\n";
            })) {
      assertThat(get(endpoint, "/metrics").statusCode()).isEqualTo(500);
      broken.set(false);
      assertThat(get(endpoint, "/metrics").body()).isEqualTo("up 1\n");
    }
  }

  @Test
  void oneWhoSendsHalfARequest_keepsNobodyWaiting() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.open(0, () -> "up 1\n");
        Socket half = new Socket("localhost", endpoint.port())) {
      half.getOutputStream().write("GET /metr".getBytes(StandardCharsets.US_ASCII));
      half.getOutputStream().flush();

      assertThat(get(endpoint, "/metrics").body()).isEqualTo("up 1\n");
    }
  }
}
