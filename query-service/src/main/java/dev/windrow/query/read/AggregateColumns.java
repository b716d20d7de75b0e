package dev.windrow.query.read;

/** The columns of stored aggregates that a question needs; the others are constants. */
final class AggregateColumns {
  /** How many there are. */
  static final int WIDTH = 10;

  private static final String NO_SUM = ", 0::numeric";
  private static final String NO_BOUND = ", NULL::double precision";
  private static final String NO_SKETCH = ", NULL::bytea";

  private AggregateColumns() {}

  /** One stored row for each row. */
  static String single(Needs needs) {
    return "1::bigint, event_count"
        + (needs.bounds() ? ", value_count" : ", 0::bigint")
        + (needs.sum() ? ", value_sum" : NO_SUM)
        + (needs.bounds() ? ", value_min, value_max" : NO_BOUND + NO_BOUND)
        + (needs.amount() ? ", amount_sum" : NO_SUM)
        + (needs.values() ? ", value_sketch" : NO_SKETCH)
        + (needs.entities() ? ", entity_sketch" : NO_SKETCH)
        + (needs.squares() ? ", value_squares" : NO_SKETCH);
  }

  /** The stored rows of a group for each row. */
  static String grouped(Needs needs) {
    return "count(*), sum(event_count)::bigint"
        + (needs.bounds() ? ", sum(value_count)::bigint" : ", 0::bigint")
        + (needs.sum() ? ", sum(value_sum)" : NO_SUM)
        + (needs.bounds() ? ", min(value_min), max(value_max)" : NO_BOUND + NO_BOUND)
        + (needs.amount() ? ", sum(amount_sum)" : NO_SUM)
        + NO_SKETCH
        + NO_SKETCH
        + NO_SKETCH;
  }
}
