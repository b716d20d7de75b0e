package dev.windrow.benchmarks.query;

import java.util.List;
import java.util.Optional;

/**
 * One question in three languages.
 *
 * @param asks in words
 * @param request to query-service
 * @param raw SQL on {@code plain_events}: the columns of the key, then the values
 * @param hand likewise on {@link HandRollups}; empty where they cannot tell
 * @param values how near each value must be
 */
record Question(
    String name,
    String asks,
    Request request,
    BoundSql raw,
    Optional<BoundSql> hand,
    List<Closeness> values) {
  Question {
    values = List.copyOf(values);
  }
}
