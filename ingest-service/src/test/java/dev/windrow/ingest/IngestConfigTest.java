package dev.windrow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.runtime.config.InvalidSettingsException;
import dev.windrow.runtime.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class IngestConfigTest {
  // | `KEY` | `default` or nothing | meaning |
  private static final Pattern ROW =
      Pattern.compile("^\\| `([A-Z_]+)` \\| (?:`([^`]*)`)? *\\|.*", Pattern.MULTILINE);

  @Test
  void from_nothing_givesTheDefaults() {
    IngestConfig config = IngestConfig.from(new Settings(Map.of()));

    assertThat(config.grpc().port()).isEqualTo(50051);
    assertThat(config.tenant()).isEqualTo("default");
    // Else a flood fills its lane before what is kept for those with little in flight counts.
    assertThat(config.lane().maxBytes()).isGreaterThanOrEqualTo(config.maxInFlightBytes());
    assertThat(config.flushTimeout()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void from_settings_readsEachIntoItsPlace() {
    IngestConfig config =
        IngestConfig.from(
            new Settings(
                Map.of(
                    "WINDROW_LANE_REQUESTS", "11",
                    "WINDROW_LANE_BYTES", "2000",
                    "WINDROW_FLUSH_EVENTS", "13",
                    "WINDROW_FLUSH_BYTES", "4000",
                    "WINDROW_MAX_EVENT_AGE", "P5D",
                    "WINDROW_MAX_EVENT_FUTURE", "PT6M",
                    "WINDROW_OVERLOAD_WAIT", "PT7S",
                    "WINDROW_FLUSH_TIMEOUT", "PT8S",
                    "WINDROW_COMPACTION_PAUSE", "PT9S",
                    "WINDROW_COMPACTION_ROWS", "10")));

    assertThat(config.lane().maxRequests()).isEqualTo(11);
    assertThat(config.lane().maxBytes()).isEqualTo(2000);
    assertThat(config.lane().flushEvents()).isEqualTo(13);
    assertThat(config.lane().flushBytes()).isEqualTo(4000);
    assertThat(config.maxEventAge()).isEqualTo(Duration.ofDays(5));
    assertThat(config.maxEventFuture()).isEqualTo(Duration.ofMinutes(6));
    assertThat(config.overloadWait()).isEqualTo(Duration.ofSeconds(7));
    assertThat(config.flushTimeout()).isEqualTo(Duration.ofSeconds(8));
    assertThat(config.compactionPause()).isEqualTo(Duration.ofSeconds(9));
    assertThat(config.compactionRows()).isEqualTo(10);
  }

  @Test
  void from_noLanesGiven_choosesByProcessors() {
    int processors = Runtime.getRuntime().availableProcessors();

    assertThat(IngestConfig.from(new Settings(Map.of())).lanes()).isEqualTo(processors > 2 ? 2 : 1);
    assertThat(IngestConfig.from(new Settings(Map.of("WINDROW_LANES", "5"))).lanes()).isEqualTo(5);
  }

  @Test
  void from_badSettings_reportsAllOfThemInOneLine() {
    Settings settings =
        new Settings(
            Map.of(
                "WINDROW_LANES", "-1",
                "WINDROW_LANE_BYTES", "64 MB",
                "WINDROW_FLUSH_TIMEOUT", "-PT1S",
                "WINDROW_DB_PORT", "65536",
                "WINDROW_LANE", "2"));

    assertThatThrownBy(() -> IngestConfig.from(settings))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContainingAll(
            "WINDROW_LANES: ",
            "got -1",
            "WINDROW_LANE_BYTES: ",
            "got 64 MB",
            "WINDROW_FLUSH_TIMEOUT: ",
            "got -PT1S",
            "WINDROW_DB_PORT: ",
            "got 65536",
            "WINDROW_LANE: is not a setting of this service")
        .message()
        .doesNotContain("\n");
  }

  @Test
  void from_tierThatIsKeptShorterThanAFinerOne_isRefused() {
    assertThatThrownBy(() -> read("WINDROW_RETENTION_MINUTE", "P6D"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "WINDROW_RETENTION_MINUTE: must be 0 (for ever) or at least WINDROW_RETENTION_RAW,"
                + " which is PT168H, got PT144H");
    assertThatThrownBy(() -> read("WINDROW_RETENTION_RAW", "PT0S"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("WINDROW_RETENTION_MINUTE: ")
        .hasMessageContaining("which is 0 (for ever)");
    assertThatThrownBy(() -> read("WINDROW_RETENTION_DAY", "P89D"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("WINDROW_RETENTION_DAY: ");
    assertThatThrownBy(() -> read("WINDROW_RETENTION_GRACE", "10 minutes"))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageStartingWith("WINDROW_RETENTION_GRACE: ");
  }

  @Test
  void takenAge_isTheLesserOfBoth() {
    assertThat(read().takenAge()).isEqualTo(Duration.ofDays(7));
    assertThat(read("WINDROW_MAX_EVENT_AGE", "P2D").takenAge()).isEqualTo(Duration.ofDays(2));
    assertThat(
            read(
                    "WINDROW_RETENTION_RAW", "PT0S",
                    "WINDROW_RETENTION_MINUTE", "PT0S",
                    "WINDROW_RETENTION_HOUR", "PT0S")
                .takenAge())
        .isEqualTo(Duration.ofDays(3650));
  }

  private static IngestConfig read(String... settings) {
    Map<String, String> given = new TreeMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    return IngestConfig.from(new Settings(given));
  }

  @Test
  void readme_listsEachSettingWithItsDefault() throws Exception {
    Settings settings = new Settings(Map.of());
    IngestConfig.from(settings);
    Map<String, String> listed = new TreeMap<>();
    String readme = Files.readString(Path.of("README.md"));
    ROW.matcher(readme.substring(readme.indexOf("## Settings")))
        .results()
        .forEach(row -> listed.put(row.group(1), row.group(2) == null ? "" : row.group(2)));

    assertThat(listed).isEqualTo(new TreeMap<>(settings.declared()));
  }
}
