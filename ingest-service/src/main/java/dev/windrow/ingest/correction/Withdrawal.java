package dev.windrow.ingest.correction;

/** On behalf of which job events are taken back, and why. */
public record Withdrawal(String jobId, String reason) {}
