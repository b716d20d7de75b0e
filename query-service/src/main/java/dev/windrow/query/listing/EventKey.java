package dev.windrow.query.listing;

/**
 * The place of an event in the order of a listing: newest first, then by batch and place in it,
 * both descending. No two events share it.
 */
record EventKey(long occurredAtMicros, long batchId, int batchIndex) {}
