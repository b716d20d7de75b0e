package dev.windrow.query.plan;

/**
 * How large a table is. What PostgreSQL last counted may be a minute old, older in a table that
 * hardly changes, and is missing in a new one; its pages are those of this instant.
 *
 * @param countedRows {@code reltuples}: -1 if the table was never counted
 * @param countedPages {@code relpages}: the pages that these rows were in
 * @param pages that the table has now
 */
public record TableSize(double countedRows, long countedPages, long pages) {
  /**
   * About how many rows there are: as densely in all pages as in those that were counted. Never
   * zero, because a table without pages may have just been made.
   *
   * @param usualRowsPerPage for a table that was never counted, or when it was empty
   */
  double rows(double usualRowsPerPage) {
    if (countedRows > 0 && countedPages > 0) {
      return countedRows / countedPages * Math.max(1, pages);
    }
    return usualRowsPerPage * Math.max(1, pages);
  }

  /** Whether there are pages that nobody counted. */
  boolean grown() {
    return pages > countedPages;
  }
}
