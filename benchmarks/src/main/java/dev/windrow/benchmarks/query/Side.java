package dev.windrow.benchmarks.query;

/** Who is asked. */
enum Side {
  WINDROW,
  RAW,
  HAND
}
