package dev.windrow.query.read;

/**
 * What was read of a part of a question's window.
 *
 * @param summary its cells by the intervals of the part
 * @param firstInterval the place among the question's intervals of the one that the part begins in
 */
public record SummaryPart(Summary summary, int firstInterval) {}
