package dev.windrow.query.sql;

import io.r2dbc.spi.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The values of one statement. A value never becomes text of the statement, only its number does.
 */
public final class Parameters {
  private final List<Object> values = new ArrayList<>();

  /** Adds a value and tells how the statement names it, e.g. {@code $3}. */
  public String add(Object value) {
    values.add(value);
    return "$" + values.size();
  }

  /** Adds a list of texts: {@code $3::text[]}. */
  public String addTexts(List<String> texts) {
    return add(texts.toArray(new String[0])) + "::text[]";
  }

  /** Adds a list of numbers: {@code $3::bigint[]}. */
  public String addNumbers(List<Long> numbers) {
    return add(numbers.toArray(new Long[0])) + "::bigint[]";
  }

  /** Adds instants, in microseconds: {@code $3::timestamptz[]}. */
  public String addInstants(long[] micros) {
    return add(Micros.toOffsetDateTimes(micros)) + "::timestamptz[]";
  }

  /** Adds an instant, in microseconds: {@code $3::timestamptz}. */
  public String addInstant(long micros) {
    return add(Micros.toOffsetDateTime(micros)) + "::timestamptz";
  }

  /** Gives the values to a statement of this text. */
  public Statement bindTo(Statement statement) {
    for (int i = 0; i < values.size(); i++) {
      statement.bind(i, values.get(i));
    }
    return statement;
  }
}
