package dev.windrow.query.drift;

import dev.windrow.query.answer.Value;

/**
 * How a metric differs.
 *
 * @param differing in how many rows that both sides have
 * @param greatest the greatest distance of two numbers in such rows; absent if there are none
 * @param greatestRelative likewise, as a share of the greater number; 0 if there are none
 * @param ourTotal of all rows here; absent if they do not add up, or none has a value
 * @param theirTotal likewise, there
 */
public record MetricDrift(
    long differing, Value greatest, double greatestRelative, Value ourTotal, Value theirTotal) {}
