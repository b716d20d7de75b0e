package dev.windrow.query.grpc;

import static dev.windrow.query.grpc.RequestFields.invalid;

import dev.windrow.query.plan.Serving;
import dev.windrow.query.question.IntervalUnit;
import dev.windrow.query.question.Question;
import dev.windrow.query.report.Breakdown;
import dev.windrow.query.report.Report;
import dev.windrow.query.report.ReportKind;
import dev.windrow.query.report.ReportRun;
import dev.windrow.query.report.ReportWindow;
import dev.windrow.query.v1.RunReportRequest;
import dev.windrow.rollup.TimeRange;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Reads what is asked of a report; what it does not support is an error that names the field, and
 * what is allowed instead.
 */
final class ReportRuns {
  private ReportRuns() {}

  /**
   * The report with all that is asked of it.
   *
   * @param serving from what it may be answered
   * @throws dev.windrow.runtime.error.WindrowException INVALID_ARGUMENT, naming field and rule
   */
  static ReportRun of(RunReportRequest request, Report report, Serving serving) {
    Breakdown breakdown =
        request.getBreakdown().isEmpty()
            ? report.breakdowns().get(0)
            : named("breakdown", request.getBreakdown(), report.breakdowns(), Breakdown::name);
    int limit = limit(request.getLimit(), report);
    return new ReportRun(
        report,
        breakdown,
        interval(request, breakdown),
        window(request, report),
        ReportFilters.of(request.getFiltersMap(), report),
        offset(request.getOffset(), limit),
        limit,
        zone(request.getTimeZone(), report.kind()),
        request.getExplain(),
        serving);
  }

  private static IntervalUnit interval(RunReportRequest request, Breakdown breakdown) {
    IntervalUnit unit = Questions.unit(request.getInterval());
    return unit == IntervalUnit.NONE
        ? breakdown.intervals().get(0)
        : named("interval", name(unit), breakdown.intervals(), ReportRuns::name);
  }

  // As the contract has them.
  private static String name(IntervalUnit unit) {
    return unit == IntervalUnit.NONE
        ? "INTERVAL_UNSPECIFIED"
        : "INTERVAL_" + unit.name().toUpperCase(Locale.ROOT);
  }

  private static ReportWindow window(RunReportRequest request, Report report) {
    String name = request.getWindowName();
    if (!request.hasWindow()) {
      return name.isEmpty()
          ? report.windows().get(0)
          : named("window_name", name, report.windows(), ReportWindow.Named::name);
    }
    if (!name.isEmpty()) {
      throw invalid("window_name", "must be empty beside a window, got '" + name + "'");
    }
    TimeRange range = RequestFields.window(true, request.getWindow());
    if (range.lengthMicros() > report.longestMicros()) {
      throw RequestFields.notAllowed(
          "window",
          "may be "
              + (report.longestMicros() == 0
                  ? "none"
                  : "no longer than " + Duration.of(report.longestMicros(), ChronoUnit.MICROS))
              + ", use window_name with one of",
          report.windows().stream().map(ReportWindow.Named::name).toList());
    }
    return new ReportWindow.Explicit(range);
  }

  private static int limit(int limit, Report report) {
    if (limit < 0) {
      throw invalid("limit", "must not be negative, got " + limit);
    }
    return limit == 0 ? report.defaultLimit() : Math.min(limit, report.maxLimit());
  }

  private static int offset(int offset, int limit) {
    if (offset < 0 || offset > Question.MAX_LIMIT - limit) {
      throw invalid(
          "offset",
          "must be from 0 to " + (Question.MAX_LIMIT - limit) + " with this limit, got " + offset);
    }
    return offset;
  }

  private static ZoneId zone(String name, ReportKind kind) {
    ZoneId zone = name.isEmpty() ? ZoneOffset.UTC : Questions.zone(name).normalized();
    if (kind == ReportKind.DAILY_HEALTH && !zone.equals(ZoneOffset.UTC)) {
      throw invalid("time_zone", "must be UTC for this report, got '" + name + "'");
    }
    return zone;
  }

  private static <T> T named(String field, String name, List<T> all, Function<T, String> nameOf) {
    return all.stream()
        .filter(one -> nameOf.apply(one).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                RequestFields.notAllowed(
                    field,
                    "got '" + name + "', must be one of",
                    all.stream().map(nameOf).toList()));
  }
}
