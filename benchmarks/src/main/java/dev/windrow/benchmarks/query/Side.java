package dev.windrow.benchmarks.query;

/** Who is asked. */
enum Side {
  /** With default settings: what is asked again and again is mostly kept. */
  WINDROW,
  /** A service that keeps nothing, and reads all that it tells. */
  READING,
  RAW,
  HAND
}
