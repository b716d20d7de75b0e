package dev.windrow.query.question;

/**
 * A version of a metric that has a name of its own.
 *
 * @param version from 1; what it means never changes
 * @param metric called by that name
 * @param createdMicros when it was defined, in microseconds since the Unix epoch
 */
public record MetricDefinition(
    String name, int version, Metric metric, String description, long createdMicros) {}
