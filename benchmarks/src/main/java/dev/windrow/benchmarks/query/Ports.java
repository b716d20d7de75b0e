package dev.windrow.benchmarks.query;

/**
 * Where the query-services are.
 *
 * @param reading of the one that keeps nothing
 */
record Ports(int windrow, int reading) {}
