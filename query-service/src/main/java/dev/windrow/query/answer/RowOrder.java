package dev.windrow.query.answer;

import dev.windrow.query.question.OrderTerm;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The order of the rows of an answer: the terms of the question, absent values last in either
 * direction, then the interval, then the groups. No two rows are equal in it.
 */
final class RowOrder {
  private static final Comparator<AnswerRow> BY_INTERVAL =
      Comparator.comparingLong(row -> row.window().fromMicros());
  private static final Comparator<AnswerRow> TIES = BY_INTERVAL.thenComparing(AnswerRow::group);

  private static final Comparator<Cell> BY_PLACE_IN_TIME = Comparator.comparingInt(Cell::interval);
  private static final Comparator<Cell> PLACES = BY_PLACE_IN_TIME.thenComparing(Cell::group);

  private RowOrder() {}

  static Comparator<AnswerRow> of(Question question) {
    return Stream.concat(question.order().stream().map(RowOrder::comparator), Stream.of(TIES))
        .reduce(Comparator::thenComparing)
        .orElse(TIES);
  }

  /** The same order of cells, which have no values yet; empty if it depends on values. */
  static Optional<Comparator<Cell>> byPlace(Question question) {
    if (question.order().stream().anyMatch(term -> term.target() == OrderTerm.Target.METRIC)) {
      return Optional.empty();
    }
    return Stream.concat(question.order().stream().map(RowOrder::place), Stream.of(PLACES))
        .reduce(Comparator::thenComparing);
  }

  private static Comparator<Cell> place(OrderTerm term) {
    int index = term.index();
    return term.target() == OrderTerm.Target.GROUP
        ? directed(Comparator.comparing(cell -> cell.group().get(index)), term)
        : directed(BY_PLACE_IN_TIME, term);
  }

  private static Comparator<AnswerRow> comparator(OrderTerm term) {
    int index = term.index();
    return switch (term.target()) {
      case INTERVAL_START -> directed(BY_INTERVAL, term);
      case GROUP -> directed(Comparator.comparing(row -> row.group().get(index)), term);
      case METRIC -> Comparator.comparing(row -> row.values().get(index), values(term));
    };
  }

  private static <T> Comparator<T> directed(Comparator<T> ascending, OrderTerm term) {
    return term.descending() ? ascending.reversed() : ascending;
  }

  private static Comparator<Value> values(OrderTerm term) {
    Comparator<Value> present = directed(RowOrder::compare, term);
    return (a, b) -> {
      boolean aAbsent = a instanceof Value.Absent;
      boolean bAbsent = b instanceof Value.Absent;
      return aAbsent || bAbsent ? Boolean.compare(aAbsent, bAbsent) : present.compare(a, b);
    };
  }

  // The values of one metric are of one kind, but for the absent ones.
  private static int compare(Value a, Value b) {
    if (a instanceof Value.Whole x && b instanceof Value.Whole y) {
      return x.number().compareTo(y.number());
    }
    if (a instanceof Value.Real x && b instanceof Value.Real y) {
      return Double.compare(x.number(), y.number());
    }
    throw new IllegalArgumentException("values: of one kind in a column, got " + a + " and " + b);
  }
}
