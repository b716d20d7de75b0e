package dev.windrow.benchmarks.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuestionsTest {
  private static final List<Question> ALL =
      Questions.about(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-01-31T00:00:00Z"));

  @Test
  void names_areUnique() {
    assertThat(ALL).extracting(Question::name).doesNotHaveDuplicates();
  }

  // A table's row is a question: what cannot be asked by hand is known.
  @Test
  void rollupsByHand_tellAllButPercentilesAndSingleEvents() {
    assertThat(ALL.stream().filter(one -> one.hand().isEmpty()).map(Question::name))
        .containsExactly("p95", "p95-by-source", "lastpoint", "high-cpu-1, by status");
  }

  @Test
  void everyParameter_hasItsValue() {
    Stream<BoundSql> statements =
        ALL.stream().flatMap(one -> Stream.concat(Stream.of(one.raw()), one.hand().stream()));

    assertThat(statements)
        .allSatisfy(one -> assertThat(one.values().keySet()).containsAll(one.parameters()));
  }
}
