package dev.windrow.benchmarks.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpanTest {
  private static Map<String, Object> parameters(String from, String to) {
    return new Span(Instant.parse(from), Instant.parse(to)).parameters();
  }

  @Test
  void unalignedWindow_isCutInwardsAtEveryGrain() {
    assertThat(parameters("2026-01-01T03:17:41.250Z", "2026-01-09T23:59:36.250Z"))
        .containsEntry("minute_from", Instant.parse("2026-01-01T03:18:00Z"))
        .containsEntry("hour_from", Instant.parse("2026-01-01T04:00:00Z"))
        .containsEntry("day_from", Instant.parse("2026-01-02T00:00:00Z"))
        .containsEntry("day_to", Instant.parse("2026-01-09T00:00:00Z"))
        .containsEntry("hour_to", Instant.parse("2026-01-09T23:00:00Z"))
        .containsEntry("minute_to", Instant.parse("2026-01-09T23:59:00Z"));
  }

  @Test
  void wholeDays_areNotCut() {
    assertThat(parameters("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"))
        .containsEntry("minute_from", Instant.parse("2026-01-01T00:00:00Z"))
        .containsEntry("day_from", Instant.parse("2026-01-01T00:00:00Z"))
        .containsEntry("day_to", Instant.parse("2026-01-02T00:00:00Z"))
        .containsEntry("minute_to", Instant.parse("2026-01-02T00:00:00Z"));
  }
}
