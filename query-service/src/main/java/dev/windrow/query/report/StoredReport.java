package dev.windrow.query.report;

/**
 * A row of the catalogue, as it is stored: nothing of it has been looked at.
 *
 * @param version from 1; what it means never changes
 * @param spec JSON
 * @param createdMicros when it was added, in microseconds since the Unix epoch
 */
public record StoredReport(
    String name,
    int version,
    String kind,
    String title,
    String description,
    String spec,
    long createdMicros) {}
