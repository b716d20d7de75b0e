package dev.windrow.query.watch;

import dev.windrow.query.question.Question;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.TimeRange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is watched: who asks for the same shares the watch.
 *
 * @param compared the same question of the window to compare with; empty if there is none
 * @param required of every answer
 */
public record WatchedQuestion(Question asked, Optional<Question> compared, Requirements required) {
  /** The windows whose events the answer is about. */
  List<TimeRange> windows() {
    return Stream.concat(Stream.of(asked), compared.stream()).map(Question::window).toList();
  }
}
