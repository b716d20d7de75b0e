package dev.windrow.query.health;

import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.AdmissionPolicy;
import dev.windrow.query.read.ReadLimits;
import dev.windrow.query.read.TooCostly;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.sql.ReadSession;
import reactor.core.publisher.Mono;

/**
 * Reads as many of a window's last days as may be read: first by the estimate that all questions
 * have; where that was too low, by what is met.
 */
final class ChecksReader {
  private static final String RAW_REASON = "only events tell in which order checks failed";

  private final ReadLimits limits;
  private final AdmissionPolicy admission;

  ChecksReader(ReadLimits limits) {
    this.limits = limits;
    this.admission = new AdmissionPolicy(limits);
  }

  /**
   * The checks of the window or of its last days; an error if not even the last one may be read.
   */
  Mono<Checks> read(
      ReadSession session, int tenantId, HealthQuestion question, StoreStatistics known) {
    return Mono.defer(
        () -> {
          TimeRange affordable =
              LatestDays.most(question.window(), part -> fits(question.of(part), known));
          return attempt(session, tenantId, question.of(affordable), known);
        });
  }

  private boolean fits(HealthQuestion question, StoreStatistics known) {
    long events =
        Planner.rawOnly(question.asQuestion(), RAW_REASON, known).chosen().estimate().eventRows();
    return events <= Math.min(limits.maxRawRows(), limits.maxCost());
  }

  private Mono<Checks> attempt(
      ReadSession session, int tenantId, HealthQuestion part, StoreStatistics known) {
    Question question = part.asQuestion();
    Checks checks = new Checks(part, Planner.rawOnly(question, RAW_REASON, known));
    admission.admit(question, checks.choice());
    return SelectDailyHealth.read(session, tenantId, part, limits, checks.days()::add)
        .then(Mono.defer(() -> completed(session, tenantId, checks, known)));
  }

  private Mono<Checks> completed(
      ReadSession session, int tenantId, Checks checks, StoreStatistics known) {
    if (checks.complete(limits)) {
      return Mono.just(checks);
    }
    TimeRange window = checks.part().window();
    int days = LatestDays.count(window);
    if (days > 1) {
      TimeRange half = LatestDays.of(window, days / 2);
      return attempt(session, tenantId, checks.part().of(half), known);
    }
    return Mono.error(
        checks.events() > limits.maxRawRows()
            ? TooCostly.rawScan(limits, "filter by entity, type or source")
            : TooCostly.groups(limits));
  }
}
