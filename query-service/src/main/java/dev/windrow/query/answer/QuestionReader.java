package dev.windrow.query.answer;

import dev.windrow.query.asof.SelectDisturbance;
import dev.windrow.query.plan.CatalogScope;
import dev.windrow.query.plan.Disturbance;
import dev.windrow.query.plan.PlanChoice;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.RollupCatalog;
import dev.windrow.query.plan.Serving;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.AdmissionPolicy;
import dev.windrow.query.read.RecentStatistics;
import dev.windrow.query.read.SelectRollups;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SummaryReader;
import dev.windrow.query.read.TenantReads;
import dev.windrow.query.segment.SegmentCache;
import dev.windrow.query.worth.NotKept;
import dev.windrow.query.worth.Position;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads questions of one tenant: keeps to what is kept, plans, admits, and folds the rows. */
final class QuestionReader {
  private static final String FLAG_OFF = "the feature flag rollups is off for this report";
  private static final String NO_SQUARES =
      "buckets from before sums of squares were kept do not tell a standard deviation";

  private final RecentStatistics statistics;
  private final AdmissionPolicy admission;
  private final SummaryReader reader;
  private final SegmentCache cache;

  QuestionReader(TenantReads reads, SegmentCache cache) {
    statistics = reads.statistics();
    admission = new AdmissionPolicy(reads.limits());
    reader = new SummaryReader(reads.limits());
    this.cache = cache;
  }

  /**
   * The reading of a question, in the snapshot of a session.
   *
   * @param facts of that snapshot
   * @param part of the question's window to read; empty for as much as is kept
   * @param whole whether that is all of it, or nothing
   * @param asOf the position as of which to read; empty for that of the snapshot
   * @param serving from what
   */
  Mono<Reading> read(
      ReadSession session,
      SnapshotFacts facts,
      Question asked,
      Optional<TimeRange> part,
      boolean whole,
      Optional<Position.OfSnapshot> asOf,
      Serving serving) {
    Question question = part.map(asked::within).orElse(asked);
    int tenantId = facts.tenantId();
    // Who has switched rollups off wants to see what the events say, and not what they said.
    SegmentCache used = asOf.isPresent() || !serving.rollups() ? SegmentCache.none() : cache;
    return SelectDisturbance.read(session, tenantId, question.window(), asOf)
        .flatMap(
            disturbance ->
                SelectRollups.read(session, tenantId, CatalogScope.ofPlan(question, disturbance))
                    .map(catalog -> catalog.kept(facts.horizons()))
                    .map(catalog -> serving.rollups() ? catalog : catalog.eventsOnly())
                    .flatMap(
                        catalog -> {
                          Question kept = NotKept.narrow(question, catalog, disturbance, whole);
                          return read(session, facts, kept, catalog, disturbance, serving, used);
                        }))
        .map(
            reading ->
                new Reading(
                    reading.question(), asked.window(), reading.choice(), reading.summary()));
  }

  private Mono<Reading> read(
      ReadSession session,
      SnapshotFacts facts,
      Question question,
      RollupCatalog catalog,
      Disturbance disturbance,
      Serving serving,
      SegmentCache used) {
    return statistics
        .get(session, facts.tenantId())
        .flatMap(
            known -> {
              PlanChoice best =
                  serving.rollups()
                      ? Planner.choose(question, catalog, known, disturbance)
                      : Planner.rawOnly(question, FLAG_OFF, known, disturbance);
              PlanChoice choice = serving.liveDelta() ? best : best.withoutDelta();
              admission.admit(question, choice);
              return used.read(session, facts, question, choice.chosen(), known, reader)
                  .map(summary -> new Reading(question, choice, summary))
                  .flatMap(
                      reading -> {
                        if (reading.isWhole()) {
                          return Mono.just(reading);
                        }
                        // Which rows lack something is known only when they have been read.
                        NotKept.events(question.window(), catalog.horizons(), true);
                        return readEvents(
                            session,
                            facts.tenantId(),
                            question,
                            Planner.rawOnly(question, NO_SQUARES, known, disturbance));
                      });
            });
  }

  private Mono<Reading> readEvents(
      ReadSession session, int tenantId, Question question, PlanChoice choice) {
    admission.admit(question, choice);
    return reader
        .read(session, tenantId, question, choice.plan())
        .map(summary -> new Reading(question, choice, summary));
  }
}
