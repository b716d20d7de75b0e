package dev.windrow.benchmarks.soak;

/**
 * What a service's process holds.
 *
 * @param heapMiB after a collection
 * @param files that are open
 */
record Vitals(double heapMiB, int files, int threads) {}
