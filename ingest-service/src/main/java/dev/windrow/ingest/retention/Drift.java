package dev.windrow.ingest.retention;

/**
 * A rollup that does not say of a day what its events say.
 *
 * @param keys how many differ
 * @param example one of them
 */
record Drift(int tenantId, String rollup, long keys, String example) {}
