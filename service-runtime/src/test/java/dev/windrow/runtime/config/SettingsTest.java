package dev.windrow.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void check_withSeveralProblems_namesThemAllInOneLine() {
    Settings settings =
        new Settings(
            Map.of(
                "WINDROW_PORT", "99999", "WINDROW_WAIT", "5 s", "WINDROW_PROT", "1", "PATH", "x"));
    settings.integer("WINDROW_PORT", 1, 0, 65535);
    settings.duration("WINDROW_WAIT", Duration.ofSeconds(1));

    assertThatThrownBy(settings::check)
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessage(
            "WINDROW_PORT: must be a whole number from 0 to 65535, got 99999; WINDROW_WAIT: must be"
                + " an ISO-8601 duration such as PT5S or P30D, from PT0S to 200 years, got 5 s; WINDROW_PROT: is not a"
                + " setting of this service");
  }

  @Test
  void getters_withoutAValue_giveTheDefault() {
    Settings settings = new Settings(Map.of("WINDROW_NAME", ""));

    assertThat(settings.text("WINDROW_NAME", "x")).isEqualTo("x");
    assertThat(settings.duration("WINDROW_WAIT", Duration.ofMillis(500)))
        .isEqualTo(Duration.ofMillis(500));
    settings.check();
    assertThat(settings.declared()).containsEntry("WINDROW_WAIT", "PT0.5S");
  }
}
