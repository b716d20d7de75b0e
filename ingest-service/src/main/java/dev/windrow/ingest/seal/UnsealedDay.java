package dev.windrow.ingest.seal;

import java.time.LocalDate;

/**
 * A UTC day that is over, whose runs have no index by entity.
 *
 * @param inserted how many rows its runs have ever got
 * @param broken whether an index was begun and given up
 */
record UnsealedDay(LocalDate date, long inserted, boolean broken) {}
