package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.query.testing.QueryHarness;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryIT {
  @Test
  void metrics_areTold_withAndWithoutTheDatabase() throws Exception {
    int port = freePort();
    try (QueryHarness harness =
        QueryHarness.startBehindAWire(Map.of("WINDROW_METRICS_PORT", Integer.toString(port)))) {
      assertThat(scrape(port))
          .contains("windrow_build_info{", "service=\"query-service\"", "jvm_memory_used_bytes{")
          .contains("instance_id=\"query-1\"", "env=\"test\"");

      harness.proxy().cut();

      assertThat(scrape(port)).contains("windrow_build_info{");
    }
  }

  private static String scrape(int port) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
