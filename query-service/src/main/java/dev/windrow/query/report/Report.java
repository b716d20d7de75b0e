package dev.windrow.query.report;

import dev.windrow.query.filter.Filter;
import dev.windrow.query.question.Metric;
import dev.windrow.query.question.Question;
import dev.windrow.rollup.Dimension;
import java.time.Duration;
import java.util.List;

/**
 * A report that can be run: whatever may be asked of it can be answered.
 *
 * @param windows at least one; the first is the default
 * @param longestMicros of a window that is named by its times; 0 if there may be none
 * @param breakdowns at least one; the first is the default
 * @param filterDimensions that callers may filter by
 * @param baseFilter holds always
 * @param metrics at least one; for daily health one share of statuses
 * @param ttl how long an answer may be given again; zero for not at all
 */
public record Report(
    String name,
    int version,
    ReportKind kind,
    int schemaVersion,
    List<ReportWindow.Named> windows,
    long longestMicros,
    List<Breakdown> breakdowns,
    List<Dimension> filterDimensions,
    Filter baseFilter,
    List<Metric> metrics,
    int defaultLimit,
    int maxLimit,
    Duration ttl) {
  public static final int MAX_WINDOWS = 50;
  public static final int MAX_BREAKDOWNS = 20;
  public static final Duration MAX_TTL = Duration.ofDays(1);

  public Report {
    windows = List.copyOf(windows);
    breakdowns = List.copyOf(breakdowns);
    filterDimensions = List.copyOf(filterDimensions);
    metrics = List.copyOf(metrics);
    require(schemaVersion >= 1, "schema_version: must be at least 1, got " + schemaVersion);
    require(
        longestMicros >= 0 && longestMicros <= ReportWindow.MAX_MICROS,
        "longest_window: must be at most 3,660 days");
    require(
        maxLimit >= 1 && maxLimit <= Question.MAX_LIMIT,
        "max_limit: must be from 1 to " + Question.MAX_LIMIT + ", got " + maxLimit);
    require(
        defaultLimit >= 1 && defaultLimit <= maxLimit,
        "default_limit: must be from 1 to max_limit, got " + defaultLimit);
    require(
        !ttl.isNegative() && ttl.compareTo(MAX_TTL) <= 0,
        "cache_ttl: must be from 0 to a day, got " + ttl);
  }

  private static void require(boolean met, String rule) {
    if (!met) {
      throw new IllegalArgumentException(rule);
    }
  }
}
