package dev.windrow.query.report;

import dev.windrow.query.answer.AnswerRow;
import dev.windrow.query.answer.MetricExactness;
import dev.windrow.query.answer.Reading;
import dev.windrow.query.answer.Value;
import dev.windrow.query.filter.Filter;
import dev.windrow.query.plan.Horizons;
import dev.windrow.query.plan.Planner;
import dev.windrow.query.plan.Serving;
import dev.windrow.query.plan.StoreStatistics;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Measure;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.query.read.SnapshotFacts;
import dev.windrow.query.read.SourceWatermarks;
import dev.windrow.query.read.Summary;
import dev.windrow.query.worth.Completeness;
import dev.windrow.query.worth.Coverage;
import dev.windrow.rollup.RollupKey;
import dev.windrow.rollup.TimeRange;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Answers to be kept, of one row each. */
final class ReportAnswers {
  static final TimeRange WINDOW = new TimeRange(0, 60_000_000);

  private ReportAnswers() {}

  static ReportRun run(int limit, Duration ttl) {
    return run(limit, ttl, new Filter.All());
  }

  static ReportRun run(int limit, Duration ttl, Filter filter) {
    Breakdown breakdown = new Breakdown("all", List.of(), List.of(IntervalUnit.NONE), List.of());
    Report report =
        new Report(
            "report",
            1,
            ReportKind.SUMMARY,
            1,
            List.of(new ReportWindow.Named("1m", 60_000_000, IntervalUnit.NONE)),
            0,
            List.of(breakdown),
            List.of(),
            new Filter.All(),
            List.of(Metric.of(Measure.COUNT)),
            1,
            1_000,
            ttl);
    return new ReportRun(
        report,
        breakdown,
        IntervalUnit.NONE,
        report.windows().get(0),
        filter,
        0,
        limit,
        ZoneOffset.UTC,
        false,
        Serving.FULL);
  }

  /** Of a snapshot at 100 s, whose newest batch was written 10 s before. */
  static ReportAnswer answer(ReportRun run, String position, boolean sketch, double covered) {
    Question question = run.question(WINDOW);
    AnswerRow row =
        new AnswerRow(WINDOW, RollupKey.of(), List.of(new Value.Real(1)), true, Optional.empty());
    return new ReportAnswer(
        run,
        WINDOW.toMicros(),
        WINDOW,
        List.of(row),
        1,
        List.of(new MetricExactness("count", sketch, 0, 1)),
        new SnapshotFacts(
            1,
            100_000_000,
            position,
            OptionalLong.empty(),
            OptionalLong.of(90_000_000),
            false,
            true,
            Horizons.none(),
            false,
            0,
            true),
        new Completeness(
            new SourceWatermarks(List.of(), 0, Optional.empty()),
            Optional.of(new Coverage(covered, List.of())),
            Optional.empty()),
        0,
        Optional.of(
            new Reading(
                question,
                Planner.rawOnly(question, "a test", StoreStatistics.unknown()),
                new Summary(List.of(), 0, 0, 0))),
        false,
        List.of());
  }

  static ReportAnswer answer(ReportRun run) {
    return answer(run, "10:10:", false, 1);
  }
}
