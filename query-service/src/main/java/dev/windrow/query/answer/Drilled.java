package dev.windrow.query.answer;

import dev.windrow.query.worth.Completeness;

/**
 * A row of an answer and what it is made of, read in one snapshot.
 *
 * @param row with one row
 * @param parts a page of the rows that it is broken down into
 */
public record Drilled(Answer row, Answer parts, Completeness completeness) {}
