package dev.windrow.query.answer;

import dev.windrow.query.question.Question;
import dev.windrow.query.read.Cell;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The rows of one page, in order. What the metrics are worth is computed for all rows only if that
 * decides which of them are shown.
 *
 * @param total of all pages
 * @param judged the rows that the exactness of a metric that orders them depends on
 */
record OrderedRows(List<AnswerRow> shown, int from, int total, List<AnswerRow> judged) {
  OrderedRows {
    shown = List.copyOf(shown);
    judged = List.copyOf(judged);
  }

  /** The page that begins after so many rows. */
  static OrderedRows of(Reading asked, Optional<Reading> compared, int offset) {
    Question question = asked.question();
    Optional<Comparator<Cell>> byPlace = RowOrder.byPlace(question);
    if (compared.isEmpty() && byPlace.isPresent()) {
      List<Cell> cells = ComparedCells.cells(asked).sorted(byPlace.get()).toList();
      List<AnswerRow> shown =
          page(cells, question, offset).stream()
              .map(cell -> Valuation.row(question, cell))
              .toList();
      return new OrderedRows(shown, Math.min(offset, cells.size()), cells.size(), shown);
    }
    Stream<AnswerRow> rows =
        compared
            .map(other -> ComparedCells.rows(asked, other))
            .orElseGet(() -> ComparedCells.rows(asked));
    List<AnswerRow> all = rows.sorted(RowOrder.of(question)).toList();
    return new OrderedRows(
        page(all, question, offset), Math.min(offset, all.size()), all.size(), all);
  }

  /** How many rows there are up to the end of these. */
  int to() {
    return from + shown.size();
  }

  private static <T> List<T> page(List<T> all, Question question, int offset) {
    int from = Math.min(offset, all.size());
    return all.subList(from, from + Math.min(question.limit(), all.size() - from));
  }
}
