package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.migrations.testing.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashTextIT {
  @Test
  void of_anyText_isWhatPostgresSays() throws Exception {
    Random random = new Random(5);
    try (TestDatabase database = TestDatabase.create();
        var connection = database.connect();
        var statement = connection.prepareStatement("SELECT hashtext(?)")) {
      for (int length = 0; length < 60; length++) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
          text.append((char) (random.nextBoolean() ? 'a' + random.nextInt(26) : 0xe0 + i));
        }
        statement.setString(1, text.toString());
        byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] within = new byte[utf8.length + 20];
        System.arraycopy(utf8, 0, within, 3, utf8.length);
        try (var row = statement.executeQuery()) {
          row.next();
          assertThat(HashText.of(within, 3, utf8.length))
              .as(text.toString())
              .isEqualTo(row.getInt(1));
        }
      }
    }
  }
}
