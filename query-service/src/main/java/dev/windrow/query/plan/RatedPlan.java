package dev.windrow.query.plan;

/** A plan and what it is thought to read. */
public record RatedPlan(WindowPlan plan, Estimate estimate) {}
