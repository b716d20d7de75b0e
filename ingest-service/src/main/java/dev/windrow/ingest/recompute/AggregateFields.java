package dev.windrow.ingest.recompute;

import dev.windrow.rollup.Aggregate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells in which columns two aggregates differ. */
final class AggregateFields {
  private static final String NONE = "none";

  private AggregateFields() {}

  /**
   * Where what is stored is not what it should be. What a row does not know is no difference: its
   * newest event, its sum of squares.
   */
  static List<Difference.Field> differences(Aggregate stored, Aggregate expected) {
    if (stored.equals(expected)) {
      return List.of();
    }
    List<Difference.Field> fields = new ArrayList<>();
    add(fields, "event_count", stored.count(), expected.count());
    add(fields, "value_count", stored.valueCount(), expected.valueCount());
    add(fields, "value_sum", stored.valueSum(), expected.valueSum());
    add(fields, "value_min", stored.valueMin(), expected.valueMin());
    add(fields, "value_max", stored.valueMax(), expected.valueMax());
    add(fields, "amount_sum", stored.amountSum(), expected.amountSum());
    if (!stored.values().equals(expected.values())) {
      fields.add(
          new Difference.Field(
              "value_sketch",
              text(stored.values(), stored.values().toBytes()),
              text(expected.values(), expected.values().toBytes())));
    }
    if (!stored.entities().equals(expected.entities())) {
      fields.add(
          new Difference.Field(
              "entity_sketch",
              text(stored.entities(), stored.entities().toBytes()),
              text(expected.entities(), expected.entities().toBytes())));
    }
    if (stored.latest() != null) {
      add(fields, "latest", stored.latest(), expected.latest());
    }
    if (stored.valueSquares() != null) {
      add(fields, "value_squares", stored.valueSquares(), expected.valueSquares());
    }
    return fields;
  }

  /** A row that is missing, or too much. */
  static Difference.Field row(@Nullable Aggregate stored, @Nullable Aggregate expected) {
    return new Difference.Field("row", events(stored), events(expected));
  }

  private static String events(@Nullable Aggregate aggregate) {
    return aggregate == null ? NONE : aggregate.count() + " events";
  }

  private static void add(
      List<Difference.Field> fields, String name, Object stored, @Nullable Object expected) {
    if (!stored.equals(expected)) {
      fields.add(new Difference.Field(name, stored.toString(), Objects.toString(expected, NONE)));
    }
  }

  // Two sketches may say the same of themselves and differ.
  private static String text(Object sketch, byte[] bytes) {
    return sketch + " of bytes " + Integer.toHexString(Arrays.hashCode(bytes));
  }
}
