package dev.windrow.benchmarks.query;

import dev.windrow.query.v1.GetLatestRequest;
import dev.windrow.query.v1.ListEventsRequest;
import dev.windrow.query.v1.SummarizeRequest;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What query-service is asked. */
sealed interface Request {
  /**
   * A summary; its rows' keys are the interval, if there is one, and then the groups.
   *
   * @param interval to whose begin a row's time is rounded down: the first one is cut to the window
   */
  record Summary(SummarizeRequest request, Optional<ChronoUnit> interval) implements Request {}

  /** A list of events: time, value and amount. */
  record Listing(ListEventsRequest request) implements Request {}

  /** The newest event of each entity: entity and time, and its value. */
  record Latest(GetLatestRequest request) implements Request {}
}
