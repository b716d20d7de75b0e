package dev.windrow.query.answer;

import dev.windrow.query.worth.Completeness;

/** An answer, and what was declared complete in its snapshot. */
public record Answered(Answer answer, Completeness completeness) {}
