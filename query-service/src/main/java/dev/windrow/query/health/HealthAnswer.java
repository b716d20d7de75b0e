package dev.windrow.query.health;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Reading;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Warning;
import dev.windrow.rollup.TimeRange;
import java.util.List;

/**
 * The health of entities.
 *
 * @param window that is answered: the one asked for, or its last days
 * @param rows all of them, by day and entity, with the values of {@link HealthColumns}
 * @param reading what was read
 * @param warnings why the window is not the one asked for; empty if it is
 */
public record HealthAnswer(
    TimeRange window,
    Assessment worth,
    List<AnswerRow> rows,
    Reading reading,
    List<Warning> warnings) {
  public HealthAnswer {
    rows = List.copyOf(rows);
    warnings = List.copyOf(warnings);
  }
}
