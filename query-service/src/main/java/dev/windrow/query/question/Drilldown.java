package dev.windrow.query.question;

/**
 * A row of a question's answer that is broken down by one more dimension.
 *
 * @param row asks for the row alone: its stretch of time, no groups
 * @param parts asks for the same events, grouped by the row's dimensions and the further one
 * @param eventsFilter what both are filtered by, in the filter language
 */
public record Drilldown(Question row, Question parts, String eventsFilter) {
  public Drilldown {
    if (!row.hasOneRow()
        || !row.window().equals(parts.window())
        || !row.filter().equals(parts.filter())
        || !row.metrics().equals(parts.metrics())) {
      throw new IllegalArgumentException("parts: must be of the row's events, got " + parts);
    }
  }
}
