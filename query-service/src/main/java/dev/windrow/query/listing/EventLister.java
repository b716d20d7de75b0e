package dev.windrow.query.listing;

import dev.windrow.query.asof.PastAssessment;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Completeness;
import dev.windrow.query.worth.NotKept;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Lists the events of one tenant. A page is searched from its newest end in stretches that double
 * in length, so that its cost follows how many events there are near it and not the window: there
 * is no index to read them in order by.
 */
public final class EventLister {
  private static final Duration STATEMENT_GRACE = Duration.ofSeconds(1);
  private static final long FIRST_STRETCH_MICROS = 1_000_000;

  private final SnapshotReads reads;
  private final String tenant;

  public EventLister(SnapshotReads reads, String tenant) {
    this.reads = reads;
    this.tenant = tenant;
  }

  /** The page, or an error as callers may see it. */
  public Mono<EventPage> list(Listing listing, Duration timeLimit) {
    return reads
        .read(session -> page(session, listing, timeLimit.plus(STATEMENT_GRACE)))
        .onErrorMap(SqlFailures::translate);
  }

  // What has been declared complete since the first page may be about events that are left out.
  private Mono<EventPage> page(ReadSession session, Listing listing, Duration statementTimeout) {
    if (listing.after().isPresent()) {
      return PastAssessment.of(session, tenant, listing.after().get().position(), statementTimeout)
          .flatMap(worth -> page(session, listing, worth.facts(), Optional.empty()));
    }
    return listing
        .position()
        .map(position -> PastAssessment.of(session, tenant, position, statementTimeout))
        .orElseGet(
            () ->
                Assessment.of(
                    session, tenant, listing.window(), listing.required(), statementTimeout))
        .flatMap(worth -> page(session, listing, worth.facts(), Optional.of(worth.completeness())));
  }

  private static Mono<EventPage> page(
      ReadSession session,
      Listing listing,
      SnapshotFacts facts,
      Optional<Completeness> completeness) {
    PageInProgress page = new PageInProgress(listing);
    TimeRange window =
        NotKept.events(listing.window(), facts.horizons(), listing.required().whole());
    // The last key's own microsecond may hold further events.
    long to =
        listing
            .after()
            .map(token -> token.occurredAtMicros() + 1)
            .orElse(listing.window().toMicros());
    return stretches(session, listing, facts, page, window.fromMicros(), to, FIRST_STRETCH_MICROS)
        .then(Mono.fromSupplier(() -> page.toPage(facts, completeness, window)));
  }

  private static Mono<Void> stretches(
      ReadSession session,
      Listing listing,
      SnapshotFacts facts,
      PageInProgress page,
      long windowStart,
      long to,
      long length) {
    if (to <= windowStart || page.isFull()) {
      return Mono.empty();
    }
    long from = Math.max(windowStart, to - length);
    TimeRange stretch = new TimeRange(from, to);
    return SelectEventPage.read(
            session, facts.tenantId(), listing, stretch, page.wanted(), page::add)
        .then(
            Mono.defer(
                () -> stretches(session, listing, facts, page, windowStart, from, 2 * length)));
  }
}
