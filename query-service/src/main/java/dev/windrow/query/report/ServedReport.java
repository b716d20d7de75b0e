package dev.windrow.query.report;

/**
 * The answer of a report.
 *
 * @param cached whether it was read for an earlier call
 */
public record ServedReport(ReportAnswer answer, boolean cached) {}
