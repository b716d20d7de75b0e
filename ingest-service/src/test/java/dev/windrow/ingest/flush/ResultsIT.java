package dev.windrow.ingest.flush;

import static org.assertj.core.api.Assertions.assertThat;

import dev.windrow.ingest.accept.RejectedEvent;
import dev.windrow.ingest.accept.RejectedEvent.Reason;
import dev.windrow.migrations.testing.TestDatabase;
import dev.windrow.runtime.config.Settings;
import dev.windrow.runtime.sql.DatabaseSettings;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ResultsIT {
  private static final Duration LONG = Duration.ofSeconds(20);

  private TestDatabase database;
  private Connection connection;

  @BeforeEach
  void open() {
    database = TestDatabase.create();
    connection =
        Objects.requireNonNull(
            Mono.<Connection>from(
                    DatabaseSettings.from(new Settings(database.settings()))
                        .connectionFactory("test")
                        .create())
                .block(LONG));
  }

  @AfterEach
  void close() {
    Mono.from(connection.close()).block(LONG);
    database.close();
  }

  private void save(Map<RequestKey, AppendResult> results) {
    SaveResults.run(connection, 1, 7, results).block(LONG);
  }

  private Map<RequestKey, AppendResult> find(int tenant, Set<RequestKey> requests, int most) {
    return Objects.requireNonNull(FindResults.run(connection, tenant, requests, most).block(LONG));
  }

  private static RejectedEvent rejected(int index, String text) {
    return new RejectedEvent(
        index, Reason.PAYLOAD_MISMATCH, text, text + ": rule", Instant.ofEpochSecond(5, 123456789));
  }

  @Test
  void results_areFoundAsTheyWereSaved() {
    Map<RequestKey, AppendResult> results = new LinkedHashMap<>();
    results.put(new RequestKey("p", 1), new AppendResult(5, 3, 0, List.of()));
    results.put(
        new RequestKey("p", 2),
        new AppendResult(
            0,
            0,
            3,
            List.of(
                rejected(0, "a \"quoted\" \\ one"),
                rejected(1, "Zürich ✈ 𝄞\n"),
                new RejectedEvent(9_999, Reason.TOO_OLD, "f", "", Instant.EPOCH))));
    results.put(new RequestKey("o'p", 2), new AppendResult(1, 0, 1, List.of(rejected(4, "field"))));

    save(results);

    assertThat(find(1, results.keySet(), 100)).isEqualTo(results);
    assertThat(find(2, results.keySet(), 100)).isEmpty();
    assertThat(find(1, Set.of(new RequestKey("p", 3)), 100)).isEmpty();
  }

  /** What is stored stays readable: this is how the first version wrote it. */
  @Test
  void results_ofTheFirstVersion_areFound() throws Exception {
    try (var jdbc = database.connect();
        var statement = jdbc.createStatement()) {
      statement.execute(
          """
          INSERT INTO append_results VALUES (1, 'p', 7, 3, 5, 1, 2,
            '[{"index": 0, "reason": "TOO_FAR_IN_FUTURE", "field": "occurred_at",
               "message": "occurred_at: rule", "at": "2001-01-01T00:00:00.123456789Z"},
              {"index": 9, "reason": "MISSING_FIELD", "field": "source",
               "message": "", "at": "2001-01-01T00:00:00Z"}]')
          """);
    }

    assertThat(find(1, Set.of(new RequestKey("p", 7)), 100).values())
        .containsExactly(
            new AppendResult(
                5,
                1,
                2,
                List.of(
                    new RejectedEvent(
                        0,
                        Reason.TOO_FAR_IN_FUTURE,
                        "occurred_at",
                        "occurred_at: rule",
                        Instant.parse("2001-01-01T00:00:00.123456789Z")),
                    new RejectedEvent(
                        9,
                        Reason.MISSING_FIELD,
                        "source",
                        "",
                        Instant.parse("2001-01-01T00:00:00Z")))));
  }

  @Test
  void rejections_thatAreTooManyAtOnce_areNotRead() {
    Map<RequestKey, AppendResult> results = new LinkedHashMap<>();
    for (int sequence = 1; sequence <= 4; sequence++) {
      List<RejectedEvent> rejected = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        rejected.add(rejected(i, "field"));
      }
      results.put(new RequestKey("p", sequence), AppendResult.of(0, 0, rejected));
    }
    save(results);
    Set<RequestKey> asked = new LinkedHashSet<>();
    for (long sequence : new long[] {3, 1, 4, 2}) {
      asked.add(new RequestKey("p", sequence));
    }

    Map<RequestKey, AppendResult> found = find(1, asked, 20);

    assertThat(found.keySet()).isEqualTo(asked);
    found.forEach(
        (request, result) -> {
          assertThat(result.rejectedCount()).isEqualTo(10);
          assertThat(result.isWhole()).isEqualTo(request.sequence() % 2 == 1);
          assertThat(result.rejections()).hasSize(result.isWhole() ? 10 : 0);
        });
  }
}
