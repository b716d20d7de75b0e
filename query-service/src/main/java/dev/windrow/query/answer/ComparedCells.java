package dev.windrow.query.answer;

import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import dev.windrow.rollup.Aggregate;
import dev.windrow.rollup.RollupKey;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The cells of a question as rows, each beside the one at its place in the other window. */
final class ComparedCells {
  private record Place(int interval, RollupKey group) {
    static Place of(Cell cell) {
      return new Place(cell.interval(), cell.group());
    }
  }

  private ComparedCells() {}

  /** The rows of one window alone, in no order. */
  static Stream<AnswerRow> rows(Reading asked) {
    return cells(asked).map(cell -> Valuation.row(asked.question(), cell));
  }

  /** Those of one window, compared with those of another, in no order. */
  static Stream<AnswerRow> rows(Reading asked, Reading other) {
    Map<Place, Cell> theirs = new HashMap<>();
    cells(other).forEach(cell -> theirs.put(Place.of(cell), cell));
    List<AnswerRow> both =
        cells(asked)
            .map(cell -> compared(asked, cell, other, theirs.remove(Place.of(cell))))
            .toList();
    int places = asked.question().intervals().count();
    Stream<AnswerRow> theirsAlone =
        theirs.values().stream()
            .filter(cell -> cell.interval() < places)
            .map(cell -> compared(asked, empty(asked.question(), Place.of(cell)), other, cell));
    return Stream.concat(both.stream(), theirsAlone);
  }

  private static AnswerRow compared(Reading asked, Cell cell, Reading other, @Nullable Cell found) {
    AnswerRow row = Valuation.row(asked.question(), cell);
    if (cell.interval() >= other.question().intervals().count()) {
      return row;
    }
    Cell theirs = found == null ? empty(other.question(), Place.of(cell)) : found;
    return row.comparedWith(Optional.of(Valuation.row(other.question(), theirs)));
  }

  /** The cells of one window, in no order; an empty one if an answer must have a row. */
  static Stream<Cell> cells(Reading reading) {
    List<Cell> cells = reading.summary().cells();
    return reading.question().hasOneRow() && cells.isEmpty()
        ? Stream.of(empty(reading.question(), new Place(0, RollupKey.of())))
        : cells.stream();
  }

  private static Cell empty(Question question, Place place) {
    List<Long> noShares = Collections.nCopies(question.shareStatuses().size(), 0L);
    return new Cell(place.interval(), place.group(), Aggregate.empty(), noShares);
  }
}
