package dev.windrow.query.report;

import dev.windrow.query.answer.Answer;
import dev.windrow.query.answer.Answered;
import dev.windrow.query.answer.Answerer;
import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.answer.Reading;
import dev.windrow.query.health.HealthAnswer;
import dev.windrow.query.health.HealthColumns;
import dev.windrow.query.health.HealthQuestion;
import dev.windrow.query.health.HealthReader;
import dev.windrow.query.question.Intervals;
import dev.windrow.query.question.Metric;
import dev.windrow.query.read.SelectTime;
import dev.windrow.query.worth.Requirements;
import dev.windrow.query.worth.Warning;
import dev.windrow.rollup.TimeRange;
import dev.windrow.runtime.error.Failure;
import dev.windrow.runtime.sql.SnapshotReads;
import dev.windrow.runtime.sql.SqlFailures;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Reads the answer of a report, each time anew. */
public final class ReportReader {
  private final Answerer answerer;
  private final HealthReader health;
  private final SnapshotReads snapshots;

  /**
   * A reader by these parts.
   *
   * @param snapshots tell when windows end that end now: whichever replica answers, whatever its
   *     own clock says
   */
  public ReportReader(Answerer answerer, HealthReader health, SnapshotReads snapshots) {
    this.answerer = answerer;
    this.health = health;
    this.snapshots = snapshots;
  }

  /** The answer, seen from now, or an error as callers may see it. */
  Mono<ReportAnswer> read(ReportRun run, Requirements required, Duration timeLimit) {
    return snapshots
        .read(SelectTime::read)
        .onErrorMap(SqlFailures::translate)
        .flatMap(
            now -> {
              TimeRange window = run.window().at(now, run.zone());
              return switch (run.report().kind()) {
                case SUMMARY ->
                    answerer
                        .answer(run.question(window), required, run.serving(), timeLimit)
                        .map(answered -> of(run, now, answered));
                case DAILY_HEALTH ->
                    health
                        .read(
                            new HealthQuestion(window, run.filter(), uptime(run)),
                            required,
                            timeLimit)
                        .map(answered -> of(run, now, answered));
              };
            })
        .onErrorMap(
            Intervals.TooManyIntervalsException.class,
            error -> Failure.invalid("interval", error.rule()).toException());
  }

  private static ReportAnswer of(ReportRun run, long now, Answered answered) {
    Answer answer = answered.answer();
    return new ReportAnswer(
        run,
        now,
        answer.question().window(),
        ReportAnswer.page(answer.rows(), run.offset(), run.limit()),
        answer.totalRowCount(),
        answer.exactness(),
        answer.facts(),
        answered.completeness(),
        answer.deltaRows(),
        Optional.of(answer.asked()).filter(reading -> run.explain()),
        !answer.asked().plan().liveDelta(),
        warnings(answer.asked()));
  }

  private static List<Warning> warnings(Reading reading) {
    return reading.snappedReason().isEmpty()
        ? List.of()
        : List.of(new Warning("WINDOW_REDUCED_BY_RETENTION", reading.snappedReason()));
  }

  private static ReportAnswer of(ReportRun run, long now, HealthAnswer answer) {
    return new ReportAnswer(
        run,
        now,
        answer.window(),
        ReportAnswer.page(answer.rows(), run.offset(), run.limit()),
        answer.rows().size(),
        HealthColumns.names(uptime(run)).stream()
            .map(name -> new MetricExactness(name, false, 0, 1))
            .toList(),
        answer.worth().facts(),
        answer.worth().completeness(),
        0,
        Optional.of(answer.reading()).filter(reading -> run.explain()),
        false,
        answer.warnings());
  }

  private static Metric uptime(ReportRun run) {
    return run.report().metrics().get(0);
  }
}
