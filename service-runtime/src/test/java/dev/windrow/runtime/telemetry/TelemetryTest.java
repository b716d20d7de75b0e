package dev.windrow.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.runtime.config.Instance;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private static final Instance NAMELESS = new Instance("", "");

  private static Telemetry telemetry(int port, Instance instance) {
    return new Telemetry(
        new TelemetrySettings(port), instance, "test-service", TelemetryTest.class);
  }

  private static List<String> samples(Telemetry telemetry) {
    return telemetry.text().lines().filter(line -> !line.startsWith("#")).toList();
  }

  @Test
  void jvmAndBuild_areToldFromTheBeginning() {
    try (Telemetry telemetry = telemetry(0, NAMELESS)) {
      assertThat(telemetry.text())
          .contains(
              "# TYPE jvm_memory_used_bytes gauge",
              "# TYPE jvm_gc_memory_allocated_bytes_total counter",
              "# TYPE jvm_threads_live_threads gauge",
              "# TYPE process_uptime_seconds gauge",
              "windrow_build_info{",
              "service=\"test-service\"",
              "version=\"unknown\"");
    }
  }

  @Test
  void instance_isALabelOfAll_ifItHasNames() {
    try (Telemetry named = telemetry(0, new Instance("ingest-1", "test"));
        Telemetry nameless = telemetry(0, NAMELESS)) {
      assertThat(samples(named))
          .isNotEmpty()
          .allMatch(line -> line.contains("instance_id=\"ingest-1\""))
          .allMatch(line -> line.contains("env=\"test\""));
      assertThat(samples(nameless))
          .isNotEmpty()
          .noneMatch(line -> line.contains("instance_id=") || line.contains("env="));
    }
  }

  @Test
  void portThatIsTaken_stopsTheStart_andSaysSo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0);
        Telemetry telemetry = telemetry(taken.getLocalPort(), NAMELESS)) {
      assertThatThrownBy(telemetry::start)
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "WINDROW_METRICS_PORT: must be a port that is free, got " + taken.getLocalPort())
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void port0_listensNowhere() throws IOException {
    try (Telemetry telemetry = telemetry(0, NAMELESS)) {
      telemetry.start();
      assertThat(new TelemetrySettings(0).isOn()).isFalse();
    }
  }
}
