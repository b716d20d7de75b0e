package dev.windrow.query.health;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.Reading;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.worth.Assessment;
import dev.windrow.query.worth.Requirements;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Answers questions of health of one tenant, each in one snapshot. */
public final class HealthReader {
  // As for questions: ends a statement that nobody is left to cancel.
  private static final Duration STATEMENT_GRACE = Duration.ofSeconds(1);

  private record Found(Assessment worth, TimeRange stored, Checks checks) {}

  private final TenantReads reads;
  private final ChecksReader checks;

  public HealthReader(TenantReads reads) {
    this.reads = reads;
    this.checks = new ChecksReader(reads.limits());
  }

  /** The answer, of the window or of its last days, or an error as callers may see it. */
  public Mono<HealthAnswer> read(HealthQuestion asked, Requirements required, Duration timeLimit) {
    Duration statementTimeout = timeLimit.plus(STATEMENT_GRACE);
    return reads
        .snapshots()
        .read(
            session ->
                Assessment.of(session, reads.tenant(), asked.window(), required, statementTimeout)
                    .flatMap(worth -> read(session, worth, asked)))
        .onErrorMap(SqlFailures::translate)
        // Sorting many rows would hold up the other connections of this event loop.
        .publishOn(Schedulers.parallel())
        .map(found -> answer(asked, required, found));
  }

  private Mono<Found> read(ReadSession session, Assessment worth, HealthQuestion asked) {
    int tenantId = worth.facts().tenantId();
    return stored(session, worth.facts(), asked.window())
        .flatMap(
            stored ->
                reads
                    .statistics()
                    .get(session, tenantId)
                    .flatMap(known -> checks.read(session, tenantId, asked.of(stored), known))
                    .map(found -> new Found(worth, stored, found)));
  }

  /** The last part of a window of which all events are stored. */
  private static Mono<TimeRange> stored(
      ReadSession session, SnapshotFacts facts, TimeRange window) {
    return SelectLastMissingDay.end(session, facts.tenantId(), window)
        // What lies before the horizon may go while it is read.
        .map(end -> Math.max(end, Math.min(window.toMicros(), facts.horizons().raw())))
        .map(
            end -> {
              if (end > window.fromMicros() && end >= window.toMicros()) {
                throw WindowWarnings.nothingStored(window);
              }
              return new TimeRange(Math.max(window.fromMicros(), end), window.toMicros());
            });
  }

  private static HealthAnswer answer(HealthQuestion asked, Requirements required, Found found) {
    Checks checks = found.checks();
    TimeRange window = checks.part().window();
    List<AnswerRow> rows =
        checks.days().stream()
            .map(day -> day.toRow(window))
            .sorted(
                Comparator.comparingLong((AnswerRow row) -> row.window().fromMicros())
                    .thenComparing(AnswerRow::group))
            .toList();
    Reading reading = new Reading(checks.part().asQuestion(), checks.choice(), checks.summary());
    return new HealthAnswer(
        window,
        found.worth().narrowedTo(window, required),
        rows,
        reading,
        WindowWarnings.of(asked.window(), found.stored(), window));
  }
}
