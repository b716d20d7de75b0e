package dev.windrow.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.windrow.runtime.config.InvalidSettingsException;
import dev.windrow.runtime.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class QueryConfigTest {
  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Z_]+)` \\| (?:`([^`]*)`|empty) \\|.*");

  @Test
  void readme_listsEverySettingWithItsDefault() throws IOException {
    Settings settings = new Settings(Map.of());
    QueryConfig config = QueryConfig.from(settings);
    Map<String, String> listed = new TreeMap<>();
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        listed.put(row.group(1), row.group(2) == null ? "" : row.group(2));
      }
    }
    assertThat(config.tenant()).isEqualTo("default");
    assertThat(listed).containsExactlyEntriesOf(new TreeMap<>(settings.declared()));
  }

  @Test
  void settings_thatAreWrong_areReportedTogether() {
    Settings settings =
        new Settings(
            Map.of(
                "WINDROW_MAX_GROUPS", "0",
                "WINDROW_MAX_QUERY_TIME", "soon",
                "WINDROW_MAX_ROWS", "1"));
    assertThatThrownBy(() -> QueryConfig.from(settings))
        .isInstanceOf(InvalidSettingsException.class)
        .hasMessageContaining("WINDROW_MAX_GROUPS")
        .hasMessageContaining("WINDROW_MAX_QUERY_TIME")
        .hasMessageContaining("WINDROW_MAX_ROWS");
  }
}
