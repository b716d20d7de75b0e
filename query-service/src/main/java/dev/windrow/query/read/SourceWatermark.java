package dev.windrow.query.read;

/**
 * Up to when a source is declared complete. Times are in microseconds.
 *
 * @param completeUntil exclusive; the least over the producers that declare this source
 * @param declaredAt when that least one was declared, by the database's clock
 */
public record SourceWatermark(String source, long completeUntil, long declaredAt) {}
